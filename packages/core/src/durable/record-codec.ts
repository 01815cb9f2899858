/** Records, as the engine thinks of them and as a journal keeps them. */
import type { Activation } from "../kernel/activation.ts";
import type { Decision, MoveDecision } from "../kernel/decisions.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { commitWrites, type StateWrite } from "../kernel/state-values.ts";
import type { Spending } from "../words/context.ts";
import type { Codec } from "./codec.ts";
import { type Json, readJson } from "./json.ts";
import { errorFromJson, errorToJson } from "./revive.ts";

/** What a record carries besides its value. Short names, because they are in every record. */
export interface RecordDetails {
  /** Decisions. */
  readonly d?: readonly Json[];
  /** The attempt that ended it, where it was not the first. */
  readonly a?: number;
  /** Writes to shared state, as state, key, kind and value. */
  readonly w?: readonly Json[];
  /** Spending. */
  readonly s?: readonly Json[];
  /** The number of the last event; absent when no listener heard the events. */
  readonly e?: number;
  /** The name of a note. */
  readonly n?: string;
  /** The form of the definition that migrated records are for. */
  readonly v?: { readonly version: string; readonly hash: string };
}

/** What a record carries besides its value. */
export function detailsOf(more: string | undefined): RecordDetails {
  return more === undefined ? {} : (readJson(more) as RecordDetails);
}

/** No details. */
export const NO_DETAILS: RecordDetails = Object.freeze({});

/** Writes details as text; `undefined` where there are none. */
export function detailsText(details: RecordDetails): string | undefined {
  if (details === NO_DETAILS) return undefined;
  const text = JSON.stringify(details);
  return text === "{}" ? undefined : text;
}

/** Writes what goes with a completion: `decided` on account of it, and the number of the last event. */
export function takingText(
  extras: RecordDetails,
  decided: readonly Json[],
  events: number | undefined,
): string | undefined {
  const [only] = decided;
  // Most steps move on along one edge without a conversion, and leave nothing else.
  if (extras === NO_DETAILS && decided.length === 1 && Array.isArray(only) && only.length === 2) {
    const move = `{"d":[[${only[0]},${only[1]}]]`;
    return events === undefined ? `${move}}` : `${move},"e":${events}}`;
  }
  return detailsText({
    ...extras,
    ...(decided.length > 0 ? { d: decided } : {}),
    ...(events === undefined ? {} : { e: events }),
  });
}

/** How many characters {@link soleMove} reads of a record without an event number. */
export const SOLE_MOVE: number = '{"d":[[0,1]]}'.length;

const MOVED = /^\{"d":\[\[\d,\d\]\](?:,"e":[1-9]\d*)?\}$/;

/**
 * The decision of most steps, which leave nothing else but the number of an event (see {@link takingText}), read
 * without making objects of the text; `undefined` for any other.
 */
export function soleMove(more: string): MoveDecision | undefined {
  return MOVED.test(more) ? [more.charCodeAt(7) - 48, more.charCodeAt(9) - 48] : undefined;
}

/** A decision as JSON, and the states it leads from and to, for error messages. An input that is `undefined` is told apart from `null` by a fourth place. */
export function decisionToJson(decision: Decision, codec: Codec, from?: string, to?: string): Json {
  if (typeof decision === "string") return decision;
  if (Array.isArray(decision)) {
    if (decision.length < 3) return decision as unknown as Json;
    const [edge, target, input] = decision as readonly [number, number, unknown];
    const json = codec.encode(
      input,
      from === undefined
        ? "the input that a conversion gave"
        : `the input that the conversion from "${from}" to "${to}" gave`,
    );
    return json === undefined ? [edge, target, null, 1] : [edge, target, json];
  }
  if ("error" in decision) return { error: errorToJson(decision.error) };
  return decision as Json;
}

/** The decision that {@link decisionToJson} wrote. */
export function decisionFromJson(json: Json, codec: Codec): Decision {
  if (Array.isArray(json)) {
    if (json.length < 3) return json as unknown as Decision;
    const [edge, target, input] = json as unknown as readonly [number, number, Json];
    return [edge, target, codec.decode(json.length === 4 ? undefined : input)];
  }
  if (typeof json === "object" && json !== null && "error" in json) {
    return { error: errorFromJson((json as { readonly error: Json }).error) };
  }
  return json as Decision;
}

/** The details of an operation besides its result. */
export function extrasOf(operation: Activation, codec: Codec): RecordDetails {
  const { attempt, attached } = operation;
  if (attempt === 1 && attached === undefined) return NO_DETAILS;
  const writes = attached?.writes ?? [];
  const spent = attached?.spent ?? [];
  return {
    ...(attempt > 1 ? { a: attempt } : {}),
    ...(writes.length > 0 ? { w: writes.map((write) => writeToJson(write, codec)) } : {}),
    ...(spent.length > 0 ? { s: spent as unknown as readonly Json[] } : {}),
  };
}

/** The spending of an abandoned activation and of all operations inside it. */
export function spentWithin(activation: Activation): RecordDetails {
  const spent = [...leavesOf(activation)].flatMap(({ attached }) => attached?.spent ?? []);
  return spent.length > 0 ? { s: spent as unknown as readonly Json[] } : {};
}

/** Restores the details that an operation left. */
export function restoreExtras(operation: Activation, { a, w, s }: RecordDetails, codec: Codec): void {
  if (a !== undefined) operation.attempt = a;
  if (w !== undefined) {
    operation.attach().writes = w.map((write) => writeFromJson(write, codec));
    operation.attach().commit = commitWrites;
  }
  if (s !== undefined) operation.attach().spent = s as unknown as Spending[];
}

/** A write to shared state as JSON. */
export function writeToJson({ state, key, kind, value }: StateWrite, codec: Codec): Json {
  const json = codec.encode(value, `what was written to "${key}" of "${state}"`);
  return json === undefined ? [state, key, kind] : [state, key, kind, json];
}

/** The write that {@link writeToJson} wrote. */
export function writeFromJson(json: Json, codec: Codec): StateWrite {
  const [state, key, kind, value] = json as readonly [string, string, StateWrite["kind"], Json | undefined];
  return { state, key, kind, value: codec.decode(value) };
}
