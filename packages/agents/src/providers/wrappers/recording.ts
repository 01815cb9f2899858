/**
 * Calls of a model as lines of JSON, made to be committed beside tests:
 *
 *     {"type":"model","version":1,"id":{...},"caps":{...}}
 *     {"type":"call","request":{...},"events":[...]}          one per call, in the order of their ends
 *
 * Keys, tokens and passwords are taken out of every text before it is written, and headers are not written at all.
 */
import { type Json, parseJson } from "@orch/core";
import { RecordingError } from "../../errors/recording-error.ts";
import { isObject, type JsonObject } from "../../platform/json-object.ts";
import { plainJson } from "../../platform/plain-json.ts";
import { redact } from "../../platform/redact.ts";
import type { Model, ModelEvent, ModelRequest } from "../../words/model.ts";
import { askedOf } from "./request-key.ts";

/** One call that was recorded. */
export interface RecordedCall {
  readonly request: JsonObject;
  readonly events: readonly ModelEvent[];
}

/** A recording as it is read. */
export interface Recording {
  readonly id: Model["id"];
  readonly caps: Model["caps"];
  readonly calls: readonly RecordedCall[];
}

const SECRET_KEY =
  /^(?:api[-_]?key|x-api-key|authorization|.*[-_]token|.*[-_]secret|secret|password|cookie|set-cookie)$/i;

/** Makes values fit to be written: plain JSON without secrets. */
export function cleaner(secrets: readonly string[]): (value: unknown) => Json {
  const clean = (text: string, key: string): string =>
    SECRET_KEY.test(key) ? "[redacted]" : redact(text, secrets);
  return (value) => plainJson(value, clean) ?? null;
}

/** The question of a request, as it is recorded and compared. */
export function recordedRequest(request: ModelRequest, clean: (value: unknown) => Json): JsonObject {
  return clean(askedOf(request)) as JsonObject;
}

/**
 * What a recording keeps of a request: the question, as plain JSON without keys, tokens and passwords. The signal, listeners, headers and the
 * session are left out, as they change no answer.
 *
 * @param secrets Texts that must not be kept; what looks like a key is never kept anyway.
 */
export function recordable(request: ModelRequest, secrets: readonly string[] = []): JsonObject {
  return recordedRequest(request, cleaner(secrets));
}

/** Any value as plain JSON without keys, tokens and passwords, as recordings are written; what JSON cannot carry is left out. */
export function withoutKeys(value: unknown, secrets: readonly string[] = []): Json {
  return cleaner(secrets)(value);
}

/** The first line of a recording. */
export function headLine({ id, caps }: Model): string {
  return `${JSON.stringify({ type: "model", version: 1, id, caps })}\n`;
}

/** The line of one call. */
export function callLine(request: JsonObject, events: readonly Json[]): string {
  return `${JSON.stringify({ type: "call", request, events })}\n`;
}

/**
 * Reads a recording.
 *
 * @param name What it is called in errors, like its path.
 * @throws RecordingError (`ORCH_RECORDING`) that names the line that cannot be read.
 */
export function readRecording(text: string, name: string): Recording {
  const calls: RecordedCall[] = [];
  let head: Pick<Recording, "id" | "caps"> | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const entry = entryOf(line, name, index + 1);
    if (entry["type"] === "model") head ??= entry as unknown as Pick<Recording, "id" | "caps">;
    else calls.push(entry as unknown as RecordedCall);
  }
  if (head === undefined) {
    throw new RecordingError({ name, line: 1, problem: "it does not begin with the line of a model" });
  }
  return { id: head.id, caps: head.caps, calls };
}

function entryOf(text: string, name: string, line: number): JsonObject {
  let entry: Json;
  try {
    entry = parseJson(text, { maxDepth: 256 });
  } catch (cause) {
    throw new RecordingError({ name, line, problem: "it is not JSON" }, { cause });
  }
  if (isObject(entry)) {
    const { type, version, id, caps, request, events } = entry;
    if (type === "model" && version === 1 && isObject(id) && isObject(caps)) return entry;
    const last = Array.isArray(events) ? (events as readonly Json[]).at(-1) : undefined;
    if (type === "call" && isObject(request) && isObject(last) && last["type"] === "finish") return entry;
  }
  throw new RecordingError({ name, line, problem: "it is no line of a recording of version 1" });
}
