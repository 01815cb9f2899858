/**
 * Makes a conversation fit for a provider, wherever its messages came from: so that a chat can move
 * to another provider at any turn, with open calls, thinking and foreign ids. Pure and idempotent;
 * every adapter sends what comes out of here and nothing else.
 */
import { cutText } from "../platform/cut-text.ts";
import { wellFormed } from "../platform/well-formed.ts";
import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  Message,
  Origin,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "../words/message.ts";
import type { ModelCaps } from "../words/model.ts";
import { readCallInput } from "./call-input.ts";
import { fileAsItIs, isBlankText, isReadableData } from "./file-as-it-is.ts";
import { canGoBack } from "./reasoning.ts";
import { type CallIdRule, callIdRule, derivedCallId, isLegalCallId } from "./tool-call-ids.ts";

/** The files that the target reads, by its capabilities; `reads` narrows them by media type, form or size, and may say why not. */
export interface ReadableFiles extends Pick<ModelCaps, "images" | "files"> {
  /** The provider whose uploaded files the target names by their ids. */
  readonly keeps?: string;
  readonly reads?: (file: FilePart) => boolean | string;
}

/**
 * Gives the messages as `target` accepts them:
 *
 * - opaque data and reasoning stay only in whole messages of the very same provider, API and model, all or nothing, where they can go back,
 *   and reasoning only before the message part that it led to;
 * - each call has exactly one result, right after its message and in call order: a missing one becomes an error result,
 *   a second one and one without a call go;
 * - ids of calls are legal for the target and unique, the same id always becoming the same one; names are legal;
 * - texts are well-formed Unicode, and files are what their bytes say;
 * - files that the target does not read become a line of text that says so;
 * - blank texts and empty messages go, and user messages that follow each other become one.
 */
export function normalize(
  messages: readonly Message[],
  target: Origin,
  caps: ReadableFiles,
  rule: CallIdRule = callIdRule(target),
): readonly Message[] {
  const readable = messages.map((message) => readableBy(wellFormed(message), target, caps));
  return mergeUsers(closeCalls(readable, rule).filter((message) => message.content.length > 0));
}

function readableBy(message: Message, target: Origin, caps: ReadableFiles): Message {
  switch (message.role) {
    case "system":
      return { ...message, content: message.content.filter(isNotBlank) };
    case "user":
      return { ...message, content: message.content.map((part) => stubFile(part, caps)).filter(isNotBlank) };
    case "assistant":
      return assistantFor(message, target);
    case "tool":
      return { ...message, content: message.content.map((part) => stubResultFiles(part, caps)) };
  }
}

/** Reasons after which the provider's own data about a message is not to be trusted to be whole. */
const CUT: ReadonlySet<string> = new Set(["interrupted", "aborted", "error"]);

function assistantFor(message: AssistantMessage, target: Origin): AssistantMessage {
  const { content } = message;
  const keep = goesBackWhole(message, target);
  const parts = content
    .filter((part) => keep || (part.type !== "reasoning" && part.type !== "provider-call"))
    // Chat Completions has no form for what ran at a server: a message of it alone would be empty.
    .filter((part) => part.type !== "provider-call" || target.api !== "chat-completions")
    .map((part) => sayable(keep ? part : withoutOpaque(part)))
    // A file of an assistant is taken only by the provider that made it.
    .map((part) => (part.type === "file" && part.opaque === undefined ? fileStub(part, NOT_READ) : part));
  const kept = parts.filter((part) => isNotBlank(part) && !(target.api === "ai-sdk" && isBlankOfSdk(part)));
  return { ...message, content: withoutTrailingReasoning(kept) };
}

/** The AI SDK writes a blank text as a blank message, whatever its provider said about it. */
function isBlankOfSdk(part: AssistantPart): boolean {
  return part.type === "text" && part.text.trim() === "" && part.opaque?.["part"] === undefined;
}

function goesBackWhole({ origin, content, finish }: AssistantMessage, target: Origin): boolean {
  const ours =
    origin.provider === target.provider && origin.api === target.api && origin.model === target.model;
  const whole = content.every((part) => part.type !== "reasoning" || canGoBack(part, target));
  return ours && whole && !CUT.has(finish.reason);
}

/** Reasoning that nothing follows led nowhere, and the providers refuse a history that holds it. */
function withoutTrailingReasoning(parts: readonly AssistantPart[]): readonly AssistantPart[] {
  return parts.slice(0, parts.findLastIndex((part) => part.type !== "reasoning") + 1);
}

/** Arguments that spell half of a character as an escape become a half of a character at the provider. */
function sayable(part: AssistantPart): AssistantPart {
  if (part.type !== "tool-call" || !/\\ud[89a-f]/i.test(part.rawInput)) return part;
  const read = readCallInput(part.rawInput);
  if (!("input" in read)) return part;
  const input = wellFormed(read.input);
  return input === read.input ? part : { ...part, rawInput: JSON.stringify(input) };
}

function withoutOpaque(part: AssistantPart): AssistantPart {
  if (!("opaque" in part)) return part;
  const { opaque: _opaque, ...rest } = part;
  return rest;
}

function isNotBlank(part: AssistantPart): boolean {
  if (part.type !== "text" && part.type !== "refusal") return true;
  return ("opaque" in part && part.opaque !== undefined) || part.text.trim() !== "";
}

function stubResultFiles(part: ToolResultPart, caps: ReadableFiles): ToolResultPart {
  if (typeof part.output === "string") return part;
  const output = part.output.map((inner) => stubFile(inner, caps)).filter(isNotBlank);
  return { ...part, output: output.length > 0 ? output : "" };
}

function stubFile<TPart extends TextPart | FilePart>(part: TPart, caps: ReadableFiles): TPart | TextPart {
  if (part.type !== "file") return part;
  const file = fileAsItIs(part);
  const why = whyUnread(file, caps);
  return why === undefined ? (file as TPart) : fileStub(file, why);
}

const NOT_READ = "this model does not read it";

/** Why the target does not read a file; `undefined` where it does. */
function whyUnread(part: FilePart, caps: ReadableFiles): string | undefined {
  const readable = part.mediaType.startsWith("image/") ? caps.images : caps.files;
  if (!readable) return NOT_READ;
  if (part.stored !== undefined && part.stored.provider === caps.keeps) return undefined;
  if (!part.data && part.url === undefined)
    return part.stored === undefined ? "it has no bytes" : `it is kept at ${part.stored.provider}`;
  const unsound = whyUnsound(part);
  if (unsound !== undefined) return unsound;
  const verdict = caps.reads?.(part) ?? true;
  if (typeof verdict === "string") return verdict;
  return verdict ? undefined : NOT_READ;
}

const sound = new WeakMap<FilePart, string | false>();

/** What is wrong with the bytes of a file, whoever is to read it; looked at once. */
function whyUnsound(part: FilePart): string | undefined {
  let why = sound.get(part);
  if (why === undefined) {
    why = !isReadableData(part) ? "its bytes are not base64" : isBlankText(part) && "it holds no text";
    sound.set(part, why);
  }
  return why === false ? undefined : why;
}

/** The line of text that stands for a file, with the reason why it is left out. */
export function fileStub(part: FilePart, why: string): TextPart {
  return { type: "text", text: `[${leftOut(part, why)}]` };
}

const LONGEST_NAME = 200;

function leftOut({ name, url, mediaType }: FilePart, why: string): string {
  const shown = name ?? (url?.startsWith("data:") ? undefined : url) ?? "a file";
  return `${cutText(shown, LONGEST_NAME)} (${mediaType}) is left out: ${why}`;
}

/** Says, once for each file, which files `normalize` turns into text for a target that reads what `caps` says. */
export function leftOutFiles(
  messages: readonly Message[],
  target: Origin,
  caps: ReadableFiles,
): readonly string[] {
  const losses = new Set<string>();
  const look = (part: { readonly type: string }, taken = true): void => {
    if (part.type !== "file") return;
    const file = fileAsItIs(part as FilePart);
    const why = taken ? whyUnread(file, caps) : NOT_READ;
    if (why !== undefined) losses.add(`${leftOut(file, why)}.`);
  };
  for (const message of messages) {
    for (const part of message.content) {
      const back = message.role === "assistant" && "opaque" in part && goesBackWhole(message, target);
      if (part.type !== "tool-result" && !back) look(part, message.role === "user");
      if (part.type === "tool-result" && typeof part.output !== "string") {
        for (const inner of part.output) look(inner);
      }
    }
  }
  return [...losses];
}

interface Slot {
  readonly call: ToolCallPart;
  result?: ToolResultPart;
}

/** Puts one tool message after every assistant message with calls, and drops all others. */
function closeCalls(messages: readonly Message[], rule: CallIdRule): readonly Message[] {
  const taken = new Set<string>();
  const waiting = new Map<string, Slot>();
  const closed: (Message | { readonly slots: readonly Slot[]; cache: boolean })[] = [];
  let latest: { slots: readonly Slot[]; cache: boolean } | undefined;
  for (const message of messages) {
    if (message.role === "assistant") {
      const slots: Slot[] = [];
      const content = message.content.map((part) => {
        if (part.type !== "tool-call") return part;
        const call = { ...part, id: freshId(part.id, rule, taken), name: legalName(part.name) };
        const slot: Slot = { call };
        slots.push(slot);
        waiting.set(part.id, slot);
        return call;
      });
      closed.push({ ...message, content });
      if (slots.length > 0) {
        latest = { slots, cache: false };
        closed.push(latest);
      }
    } else if (message.role === "tool") {
      for (const result of message.content) {
        const slot = waiting.get(result.id);
        if (slot === undefined) continue;
        slot.result = { ...result, id: slot.call.id, name: slot.call.name };
        waiting.delete(result.id);
      }
      if (message.cache && latest !== undefined) latest.cache = true;
    } else {
      closed.push(message);
    }
  }
  return closed.map((entry) => ("slots" in entry ? toolMessage(entry.slots, entry.cache) : entry));
}

function toolMessage(slots: readonly Slot[], cache: boolean): ToolMessage {
  const content = slots.map(({ call, result }) => result ?? missingResult(call));
  return { role: "tool", content, ...(cache && { cache: true as const }) };
}

function missingResult(call: ToolCallPart): ToolResultPart {
  const output = "Cancelled: this call was not run.";
  return { type: "tool-result", id: call.id, name: call.name, output, isError: true };
}

/** The id itself where it is legal and not taken; else one derived from it and from how often it was taken. */
function freshId(id: string, rule: CallIdRule, taken: Set<string>): string {
  let fresh = isLegalCallId(id, rule) ? id : derivedCallId(id, rule);
  for (let time = 2; taken.has(fresh); time++) fresh = derivedCallId(`${id}#${time}`, rule);
  taken.add(fresh);
  return fresh;
}

/** Makes a tool name legal. A model may invent one, and a provider refuses a history with an illegal name. */
function legalName(name: string): string {
  return name.replace(/[^\w-]/g, "_").slice(0, 64) || "unnamed";
}

/** Some servers demand that roles alternate. A cache mark ends a message, so nothing is joined to a marked one. */
function mergeUsers(messages: readonly Message[]): readonly Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (message.role === "user" && last?.role === "user" && !last.cache) {
      const joined: UserMessage = { ...message, content: [...last.content, ...message.content] };
      merged[merged.length - 1] = joined;
    } else {
      merged.push(message);
    }
  }
  return merged;
}
