/** Records, as the engine thinks of them and as a journal keeps them. */
import type { Activation } from "../kernel/activation.ts";
import type { Decision, MarkKey, MoveDecision } from "../kernel/decisions.ts";
import { receiveSignal } from "../kernel/mailbox.ts";
import { checkWrites, commitWrites, type StateWrite, settledWrites } from "../kernel/state-values.ts";
import type { SignalCompletion } from "../kernel/transition.ts";
import { isSame } from "../platform/is-same.ts";
import type { Pause } from "../run/step.ts";
import type { Census } from "../words/census.ts";
import type { Spending } from "../words/context.ts";
import type { Codec } from "./codec.ts";
import { type Json, readJson } from "./json.ts";
import {
  addedFromJson,
  addedToJson,
  choiceFromJson,
  choiceToJson,
  moveFromJson,
  moveToJson,
} from "./move-codec.ts";
import type { PartHole } from "./part-place.ts";
import { errorJson, revive } from "./revive.ts";

/** What a record carries besides its value. Short names, because they are in every record. */
export interface RecordDetails {
  /** Decisions. */
  readonly d?: readonly Json[];
  /** The attempt that ended it, where it was not the first. */
  readonly a?: number;
  /** Writes to shared state, as state, key, kind and value. */
  readonly w?: readonly Json[];
  /** Spending of an operation that ended: in journals from before the record `spent`. */
  readonly s?: readonly Json[];
  /** The number of the last event before a `retried` record. Journals from before event numbers followed from the records have it in every record that a listener heard. */
  readonly e?: number;
  /** What a fork gave to activations that start with this record, as path, what it is in the place of, and value. */
  readonly g?: readonly Json[];
  /** With the first record: the rules that the run follows. Absent in a run that began before there were others: its branches keep their places while they wait. */
  readonly r?: 2;
  /** At level `end`: the number up to which events may be told before their records are on disk. */
  readonly b?: number;
  /** The name of a note, or of the kind of a signal. */
  readonly n?: string;
  /** The key of a signal; of an item that was added, the path of the state that added it. */
  readonly k?: string;
  /** Of an answer: nothing has checked it, because its run was cancelled before the runnable that asked could. */
  readonly u?: 1;
  /** Of the end of a run: the fan-outs with branches that failed or did not end. */
  readonly c?: readonly Census[];
  /** Of a retry: 1, the failed branches of fan-outs that go on begin again; 2, all that failed begins again, and no record is taken back. */
  readonly o?: 1 | 2;
  /** Of a retry: the numbers of the records of states that completed and run again. What they wrote to shared state is taken back. */
  readonly t?: readonly number[];
  /** Of one of these records, where it is read: its writes are not taken. */
  readonly x?: 1;
  /** The name of the graph of the definition that the run was started with, where the store keeps it. */
  readonly h?: string;
  /** What of its value and its decisions stands in other records. */
  readonly p?: readonly PartHole[];
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

/** Writes what goes with a completion, and what was `decided` on account of it. */
export function takingText(extras: RecordDetails, decided: readonly Json[]): string | undefined {
  const [only] = decided;
  // Most steps move on along one edge without a conversion, and leave nothing else.
  if (extras === NO_DETAILS && decided.length === 1 && Array.isArray(only) && only.length === 2) {
    return `{"d":[[${only[0]},${only[1]}]]}`;
  }
  return detailsText(decided.length > 0 ? { ...extras, d: decided } : extras);
}

const MOVED = /^\{"d":\[\[\d,\d\]\](?:,"e":[1-9]\d*)?\}$/;
/** How long the text of {@link soleMove} is before the number of an event. */
const SOLE_MOVE = '{"d":[[0,1]]'.length;

/**
 * The decision of most steps, which leave nothing else but, in older journals, the number of an event (see
 * {@link takingText}), read without making objects of the text; `undefined` for any other.
 */
export function soleMove(more: string): MoveDecision | undefined {
  return MOVED.test(more) ? [more.charCodeAt(7) - 48, more.charCodeAt(9) - 48] : undefined;
}

/** The number of an event that stands behind a {@link soleMove}; 0 for none. */
export function eventBehind(more: string): number {
  return more.length <= SOLE_MOVE + 1 ? 0 : Number(more.slice(SOLE_MOVE + ',"e":'.length, -1));
}

/** The decisions that are noted only where they hold. */
const MARKS: readonly MarkKey[] = ["halt", "enough", "exit"];

/** A decision as JSON, and the states it leads from and to, for error messages. An input that is `undefined` is told apart from `null` by a fourth place. */
export function decisionToJson(decision: Decision, codec: Codec, from?: string, to?: string): Json {
  if (typeof decision === "string") return decision;
  if (Array.isArray(decision)) return moveToJson(decision as unknown as MoveDecision, codec, from, to);
  if ("error" in decision) return { ...decision, error: errorJson(decision.error) };
  for (const key of MARKS) {
    if (!(key in decision)) continue;
    const error = (decision as { readonly [TKey in MarkKey]?: Error | null })[key];
    return { [key]: error ? errorJson(error) : null };
  }
  if ("given" in decision) return choiceToJson(decision, codec);
  if ("move" in decision) return addedToJson(decision, codec);
  if ("thrown" in decision) return { ...decision, thrown: errorJson(decision.thrown) };
  return decision as Json;
}

/** The decision with which a run goes on after it was kept. @throws NotSerializableError when it cannot be kept. */
export function keptMove(
  decision: MoveDecision,
  codec: Codec,
  from: string,
  to: string,
  what?: string,
): MoveDecision {
  if (decision.length < 3) return decision;
  return moveFromJson(moveToJson(decision, codec, from, to, what) as readonly Json[], codec);
}

/** A decision that is noted only where it holds; `undefined` for any other. */
function markFromJson(json: Json): Decision | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { met, thrown } = json as { readonly met?: Json; readonly thrown?: Json };
  if (thrown !== undefined) return { met: String(met), thrown: revive(thrown) };
  const key = MARKS.find((one) => one in json);
  if (key === undefined) return undefined;
  const error = (json as { readonly [TKey in MarkKey]?: Json })[key]!;
  return { [key]: error === null ? null : revive(error) } as unknown as Decision;
}

/** The decision that {@link decisionToJson} wrote. */
export function decisionFromJson(json: Json, codec: Codec): Decision {
  if (Array.isArray(json)) return moveFromJson(json, codec);
  if (typeof json === "object" && json !== null && "error" in json) {
    const { error, caught } = json as { readonly error: Json; readonly caught?: true };
    return caught === true ? { error: revive(error), caught } : { error: revive(error) };
  }
  const mark = markFromJson(json);
  if (mark !== undefined) return mark;
  if (typeof json === "object" && json !== null && "given" in json) return choiceFromJson(json, codec);
  if (typeof json === "object" && json !== null && "move" in json) return addedFromJson(json, codec);
  return json as Decision;
}

/** The details of an operation besides its result. */
export function extrasOf(operation: Activation, codec: Codec): RecordDetails {
  const { attempt, attached } = operation;
  if (attempt === 1 && attached === undefined) return NO_DETAILS;
  const writes = attached === undefined ? [] : settledWrites(attached);
  return {
    ...(attempt > 1 ? { a: attempt } : {}),
    ...(writes.length > 0 ? { w: writes.map((write) => writeToJson(write, codec)) } : {}),
  };
}

/** Restores the details that an operation left. */
export function restoreExtras(operation: Activation, { a, w, x }: RecordDetails, codec: Codec): void {
  if (a !== undefined) operation.attempt = a;
  if (w !== undefined) {
    operation.attach().writes = w.map((write) => writeFromJson(write, codec));
    operation.attach().commit = x === undefined ? commitWrites : checkWrites;
  }
}

/** A note of the engine's own as JSON: spending, or a pause between two attempts. */
export function plainNote(value: Spending | Pause): Json {
  return "due" in value ? { ...value, error: errorJson(value.error) } : { ...value };
}

/** Gives the writes of an operation the values with which a run goes on after they were kept. Throws when one cannot be kept. */
export function keepWrites({ attached }: Activation, codec: Codec): void {
  if (attached?.commit === undefined) return;
  attached.writes = settledWrites(attached).map((write) => {
    const json = writeToJson(write, codec);
    const kept = writeFromJson(json, codec);
    // What was made of the write already need not be made again.
    return isSame(write.value, kept.value) ? write : kept;
  });
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

/** The signal that a record tells of. */
export function signalIn(value: unknown, { n, k }: RecordDetails): SignalCompletion {
  return { kind: "signal", signal: { name: n!, value, key: k }, receive: receiveSignal };
}
