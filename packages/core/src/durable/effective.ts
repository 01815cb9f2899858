/** Which records of a journal count. */

import type { JournalRecord } from "../words/journal-record.ts";
import { readJson } from "./json.ts";
import { PartReader } from "./part-reader.ts";
import { detailsOf, detailsText } from "./record-codec.ts";

/** The records that count. */
export interface Counted {
  readonly records: readonly JournalRecord[];
  /** The parts of its journal; absent where no record has any. */
  readonly parts?: PartReader;
  /** The number of each in its journal; absent where that is its place in the list, from 1. */
  readonly numbers?: readonly number[];
}

/** The records that count of a journal as it is kept. */
export interface KeptCounted extends Counted {
  readonly parts: PartReader;
}

type Numbered = readonly [number: number, record: JournalRecord];

/** Notes that do not count when their operation starts again after its failure. */
const RESTARTED: ReadonlySet<string> = new Set(["asked", "slept", "retrying", "held"]);

/** The records that count: without those a retry took back, in the form of the last migration. */
export function effective(records: readonly JournalRecord[]): KeptCounted {
  const parts = new PartReader(records);
  // Most journals are as they were written, and their records need no numbers beside them.
  if (!records.some(({ type }) => type === "retried" || type === "migrated")) return { records, parts };
  let kept: Numbered[] = [];
  records.forEach((record, index) => {
    if (record.type === "retried") {
      const from = Number(record.value);
      // Where nothing is taken back, no record is the failure, and the circuit of the run keeps what it asked.
      const failed = from <= index ? records[from - 1]!.path : undefined;
      // The question, sleep or attempts that failed start again. Values of `ctx.once` stay, and what was spent is spent.
      const counts = ([number, { type, path }]: Numbered): boolean =>
        type === "spent" || (number < from && (path !== failed || !RESTARTED.has(type)));
      const rerun = new Set(detailsOf(record.more).t);
      kept = kept.filter(counts).map((one) => (rerun.has(one[0]) ? [one[0], runsAgain(one[1])] : one));
      kept.push([index + 1, record]);
    } else if (record.type === "migrated") {
      const rewritten = readJson(record.value ?? "[]") as unknown as readonly JournalRecord[];
      kept = rewritten.map((one, place) => [place + 1, one]);
    } else {
      kept.push([index + 1, record]);
    }
  });
  return { records: kept.map(([, record]) => record), numbers: kept.map(([number]) => number), parts };
}

function runsAgain(record: JournalRecord): JournalRecord {
  return { ...record, more: detailsText({ ...detailsOf(record.more), x: 1 })! };
}

/**
 * What counted before each retry, oldest first: a retry takes records back, and their events were told all the same.
 * Records from before a migration are for another form of the definition.
 */
export function beforeRetries(records: readonly JournalRecord[]): readonly Counted[] {
  const first = records.findLastIndex(({ type }) => type === "migrated") + 1;
  const earlier: Counted[] = [];
  records.forEach(({ type }, index) => {
    if (type === "retried" && index >= first) earlier.push(effective(records.slice(0, index)));
  });
  return earlier;
}

/** The records that count, each with all that belongs to it. */
export function wholeRecords({ records, parts }: KeptCounted): readonly JournalRecord[] {
  return records.map((record) => parts.whole(record));
}

/** The number of a record by its index. */
export function numberOf({ numbers }: Counted, index: number): number {
  return numbers === undefined ? index + 1 : numbers[index]!;
}
