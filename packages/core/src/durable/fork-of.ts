import { InvalidAnswerError } from "../errors/invalid-answer-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { InvalidOutputError } from "../errors/invalid-output-error.ts";
import { OptionError } from "../errors/option-error.ts";
import { RunStateError } from "../errors/run-state-error.ts";
import type { WaitNode } from "../kernel/node.ts";
import { nearestNames } from "../platform/nearest-names.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import { checked } from "../words/schema.ts";
import type { Codec } from "./codec.ts";
import type { ForkOptions } from "./durable-host-options.ts";
import { type Counted, numberOf } from "./effective.ts";
import type { FoldWatch } from "./fold-watch.ts";
import { ForkDecisions } from "./fork-decisions.ts";
import { type ForkPlace, ForkPlaceFinder, isWithin } from "./fork-place.ts";
import type { Gift } from "./gift.ts";
import type { Json } from "./json.ts";
import type { PartHole } from "./part-place.ts";
import { detailsOf, detailsText } from "./record-codec.ts";

/** What a fork takes over of the run that it comes from. */
export interface Fork {
  readonly records: readonly JournalRecord[];
  /** The number of the record with which the state ended, or began when it is open. */
  readonly record: number;
}

/** A run that is to be forked. */
export interface ForkSource {
  readonly runId: string;
  readonly counted: Counted;
  readonly codec: Codec;
  /** Makes the run of some of its records, while `watch` looks on. */
  readonly fold: (records: readonly JournalRecord[], watch: FoldWatch) => void;
}

type Place = Pick<ForkOptions, "after" | "before" | "input" | "output">;

/**
 * Makes the journal of a fork.
 *
 * @throws RunStateError when there is no such state, or it has not ended; InvalidInputError, InvalidOutputError or
 * InvalidAnswerError when what is given does not fit; NotSerializableError when it cannot be kept.
 */
export async function forkOf(source: ForkSource, options: Place): Promise<Fork> {
  const { after } = options;
  const path = pathOf(options);
  const { counted, runId } = source;
  const finder = new ForkPlaceFinder(path, counted.records);
  source.fold(counted.records, finder);
  const { place } = finder;
  if (place === undefined) throw noSuchState(runId, path, finder.paths);
  if (after !== undefined && place.ended === undefined) throw stillOpen(runId, path);
  const gift = await giftOf(source, path, place, options);
  const records =
    after !== undefined && gift === undefined
      ? counted.records.slice(0, place.ended! + 1)
      : recordsBefore(source, path, place, gift);
  return {
    records: asOwnJournal(source.counted, records),
    record: numberOf(counted, place.ended ?? place.began),
  };
}

/** The state at which the fork begins. In plain JavaScript both may be given, or none. */
function pathOf(options: Place): string {
  const { after, before } = options;
  if (after !== undefined && before !== undefined) throw new OptionError("before", before, "after or before");
  if (after === undefined && before === undefined)
    throw new OptionError("after", after, "the path of a state");
  if (after !== undefined && "input" in options)
    throw new OptionError("input", options.input, "it with before");
  if (before !== undefined && "output" in options)
    throw new OptionError("output", options.output, "it with after");
  return (after ?? before)!;
}

/** The records up to where the state is open and nothing inside it was done, with what it is given. */
function recordsBefore(
  source: ForkSource,
  path: string,
  place: ForkPlace,
  gift: Gift | undefined,
): readonly JournalRecord[] {
  const { records } = source.counted;
  const { began, until, endedAtOnce } = place;
  const head = records.slice(0, began);
  const entry = source.counted.parts?.whole(records[began]!) ?? records[began]!;
  const tail = untilItAdds(records.slice(began + 1, until), path).filter((record) => isBeside(record, path));
  const details = detailsOf(entry.more);
  const before = (details.g ?? []) as unknown as readonly Gift[];
  const others = before.filter(([of]) => !isWithin({ path: of }, path));
  if (gift === undefined && !endedAtOnce && others.length === before.length) return [...head, entry, ...tail];
  const g = [...others, ...(gift === undefined ? [] : [gift])] as unknown as readonly Json[];
  const given = { ...entry, more: detailsText({ ...details, g })! };
  const again = new ForkDecisions(path, place, source.codec);
  source.fold([...head, given], again);
  const d = again.decided;
  const { g: _g, d: _d, ...rest } = details;
  const more = detailsText({ ...rest, ...(d.length > 0 ? { d } : {}), ...(g.length > 0 ? { g } : {}) });
  const { more: _more, ...bare } = entry;
  const decided: JournalRecord = more === undefined ? bare : { ...bare, more };
  // What was done beside the state after that belongs to a run in which it took its time, and its place.
  return again.isAsBefore ? [...head, decided, ...tail] : [...head, decided];
}

/** The records before the state, or something inside it, added an item to a list: it may add others now, or none. */
function untilItAdds(records: readonly JournalRecord[], path: string): readonly JournalRecord[] {
  const first = records.findIndex(({ type, more }) => {
    const by = type === "added" ? detailsOf(more).k : undefined;
    return by !== undefined && isWithin({ path: by }, path);
  });
  return first === -1 ? records : records.slice(0, first);
}

/** Whether a record stays when the state runs again. Questions that the run waited for may be inside the state. */
function isBeside(record: JournalRecord, path: string): boolean {
  return record.type !== "waiting" && !isWithin(record, path);
}

/** The way out of a value that does not fit: no question is open, and no edge led here. */
const FORK_AGAIN = "Fork again with a value that fits; nothing was started.";

/** What the state is given, checked and as it is kept. */
async function giftOf(
  { runId, codec }: ForkSource,
  path: string,
  { runnable, rests }: ForkPlace,
  options: Place,
): Promise<Gift | undefined> {
  const place = options.after === undefined ? "input" : "output";
  if (!(place in options)) return undefined;
  const { id, node, input, output } = runnable;
  let value = options[place];
  if (place === "input") {
    await checked(
      input,
      value,
      (issues) => new InvalidInputError({ runnable: id, path, issues }, FORK_AGAIN),
    );
  } else {
    const answer = (node as WaitNode | undefined)?.question?.answer;
    value = await checked(
      answer,
      value,
      (issues) => new InvalidAnswerError({ runId, question: path, issues }, FORK_AGAIN),
    );
    value = await checked(
      output,
      value,
      (issues) => new InvalidOutputError({ runnable: id, path, issues }, false, FORK_AGAIN),
    );
  }
  const json = codec.encode(value, `the ${place} that a fork gives to "${path}"`);
  const given = place === "input" ? place : rests ? "rested" : "kept";
  return json === undefined ? [path, given] : [path, given, json];
}

/** The value of a `retried` record in the journal of a fork, where the records that it took back are not. */
const TAKES_NOTHING_BACK = JSON.stringify(Number.MAX_SAFE_INTEGER);

/** Records as the journal of a fork, in which parts are where they are there. */
function asOwnJournal(counted: Counted, records: readonly JournalRecord[]): readonly JournalRecord[] {
  const before = new Map(counted.records.map((record, index) => [record, numberOf(counted, index)]));
  const own: JournalRecord[] = [];
  const numbers = new Map<number, number>();
  for (const record of records) {
    const [kept] = asOwn(record);
    if (kept === undefined) continue;
    const number = before.get(record);
    if (number !== undefined) numbers.set(number, own.length + 1);
    const moved = withParts(kept, numbers);
    if (moved === undefined && number !== undefined) numbers.delete(number);
    own.push(moved ?? counted.parts!.whole(kept));
  }
  return own;
}

/** A record whose parts stand in records of other numbers; `undefined` where one of these is not there. */
function withParts(record: JournalRecord, numbers: ReadonlyMap<number, number>): JournalRecord | undefined {
  const { p, ...details } = record.more?.includes('"p":[') === true ? detailsOf(record.more) : {};
  if (p === undefined) return record;
  if (!p.every(([, number]) => numbers.has(number))) return undefined;
  const moved = p.map(([way, number, ...rest]): PartHole => [way, numbers.get(number)!, ...rest]);
  return { ...record, more: detailsText({ ...details, p: moved })! };
}

/** A record as it stands in the journal of a fork: the numbers of records and events there are its own. */
function asOwn(record: JournalRecord): readonly JournalRecord[] {
  if (record.type === "missed") return [];
  const isRetry = record.type === "retried";
  if (!isRetry && !/"[eb]":/.test(record.more ?? "")) return [record];
  const { more, ...own } = record;
  const { e: _e, b: _b, t: _t, ...details } = detailsOf(more);
  if (isRetry && details.o === undefined) return [];
  const text = detailsText(details);
  const bare = isRetry ? { ...own, value: TAKES_NOTHING_BACK } : own;
  return [text === undefined ? bare : { ...bare, more: text }];
}

function stillOpen(runId: string, path: string): Error {
  return new RunStateError(
    { runId, status: "open" },
    `The state "${path}" of the run "${runId}" has not ended, so nothing is after it.`,
    "Fork before it, or when it has ended.",
  );
}

function noSuchState(runId: string, path: string, paths: readonly string[]): Error {
  return new RunStateError(
    { runId, status: "no such state" },
    `The run "${runId}" has no state of the path "${path}".`,
    `Take a path from the events of the run (host.events), like ${nearestNames(path, paths, 3).join(" or ")}.`,
  );
}
