/** The records of runs in one database. Each write happens inside the caller's transaction, or is a single statement. */
import type { DatabaseSync } from "node:sqlite";
import type { JournalRecord } from "@orch/core/host";
import { type LateStatement, lateStatement } from "../database/late-statement.ts";
import { type Blobs, fitsInRow } from "./blobs.ts";
import { fromColumn, toColumn } from "./id-text.ts";
import { recordSum } from "./record-checksum.ts";

/** The types of records as numbers. A number is never changed, and a new type gets a new one. */
const NUMBERS: { readonly [TType in JournalRecord["type"]]: number } = {
  started: 1,
  committed: 2,
  failed: 3,
  asked: 4,
  answered: 5,
  slept: 6,
  once: 7,
  stopped: 8,
  dropped: 9,
  cancelled: 10,
  retried: 11,
  migrated: 12,
  done: 13,
  spent: 14,
  retrying: 15,
  waiting: 16,
  rested: 17,
  missed: 18,
  held: 19,
  added: 20,
  signalled: 21,
};
const TYPES: ReadonlyMap<number, string> = new Map(
  Object.entries(NUMBERS).map(([type, number]) => [number, type]),
);

/** A text that stands in its row, or the hash (bytes) of a text that stands among the blobs. */
type Kept = string | Uint8Array | null;

/** A row of `journal`, in the order of its columns. */
export type JournalColumns = readonly [
  seq: number,
  type: number,
  at: number,
  path: string,
  value: Kept,
  more: Kept,
  sum: number,
];

/** A row of `journal`, read. A large text is `null` here, and its place says where it is. */
export interface JournalRow {
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly path: string;
  readonly value: string | null;
  readonly more: string | null;
  readonly value_at: string | null;
  readonly more_at: string | null;
  readonly sum: number;
}

/** Reads the columns of a row. */
export function journalRow([seq, type, at, path, value, more, sum]: JournalColumns): JournalRow {
  return {
    seq,
    // A value that is missing has no checksum that could match.
    type: TYPES.get(type) ?? "",
    at,
    path,
    value: textIn(value),
    more: textIn(more),
    value_at: placeIn(value),
    more_at: placeIn(more),
    sum,
  };
}

function isText(kept: Kept): kept is string | null {
  return kept === null || typeof kept === "string";
}

function textIn(kept: Kept): string | null {
  return isText(kept) ? kept : null;
}

function placeIn(kept: Kept): string | null {
  return kept instanceof Uint8Array ? Buffer.from(kept).toString("latin1") : null;
}

/** The highest number that a record can have. */
export const LAST = "4294967295";

/** The place of a record in the table as SQL: its run, then its number in it. Columns and parameters are cut to integers. */
export function placeOf(run: string, seq: string): string {
  return `((${run} << 32) | ${seq})`;
}

/** The number of a record from its place, as SQL. */
export function seqOf(place: string): string {
  return `(${place} & ${LAST})`;
}

/** The columns that a load reads. The number of a row is not read but counted. */
type Columns = readonly [type: number, at: number, path: string, value: Kept, more: Kept, sum: number];

/** A load takes its rows in parts, so that those of a long run are not in memory twice. */
const ROWS_AT_ONCE = 2_000;

/** Whether a record fits into its row, so that writing it is one statement. */
export function isSmall({ value, more }: JournalRecord): boolean {
  return fitsInRow(value) && fitsInRow(more);
}

/** About how much records take, in characters. */
export function sizeOf(records: readonly JournalRecord[]): number {
  return records.reduce((sum, { value, more }) => sum + (value?.length ?? 0) + (more?.length ?? 0), 0);
}

/** Reads and writes records, each with its checksum. */
export class Journal {
  readonly #blobs: Blobs;
  readonly #damaged: (what: string) => never;
  readonly #insert: LateStatement;
  readonly #follow: LateStatement;
  readonly #load: LateStatement;
  readonly #row: LateStatement;
  readonly #last: LateStatement;
  readonly #remove: LateStatement;

  constructor(database: DatabaseSync, blobs: Blobs, damaged: (what: string) => never) {
    this.#blobs = blobs;
    this.#damaged = damaged;
    // The fence is part of the insert: nothing is written under a claim that was taken over.
    const insert = `INSERT OR IGNORE INTO journal (place, type, at, path, value, more, sum)
       SELECT ${placeOf("?1", "?2")}, ?3, ?4, ?5, ?6, ?7, ?8
       FROM runs WHERE run = ?1 AND epoch = ?9 AND token IS NOT NULL`;
    this.#follow = lateStatement(database, insert);
    this.#insert = lateStatement(
      database,
      `${insert} AND (?2 = 1 OR EXISTS (SELECT 1 FROM journal WHERE place = ${placeOf("?1", "(?2 - 1)")}))`,
    );
    // Half of a load is the way of the columns into JavaScript: the number of a row is not read, but counted.
    this.#load = lateStatement(
      database,
      `SELECT type, at, path, value, more, sum FROM journal
       WHERE place BETWEEN ${placeOf("?1", "?2")} AND ${placeOf("?1", LAST)} ORDER BY place LIMIT ${ROWS_AT_ONCE}`,
      true,
    );
    this.#row = lateStatement(
      database,
      `SELECT ${seqOf("place")}, type, at, path, value, more, sum FROM journal WHERE place = ${placeOf("?1", "?2")}`,
      true,
    );
    const ofRun = `place BETWEEN ${placeOf("?1", "1")} AND ${placeOf("?1", LAST)}`;
    this.#last = lateStatement(database, `SELECT ${seqOf("max(place)")} AS last FROM journal WHERE ${ofRun}`);
    this.#remove = lateStatement(database, `DELETE FROM journal WHERE ${ofRun}`);
  }

  /**
   * Writes record number `seq` of a run; `false` when the claim does not hold or it is not the next one. `follows`: the
   * one before is known to be there, which costs an eighth of the write to find out.
   */
  write(run: number, epoch: number, seq: number, record: JournalRecord, follows: boolean): boolean {
    const { type, at, value, more } = record;
    const path = toColumn(record.path);
    const apart = !fitsInRow(value);
    const moreApart = !fitsInRow(more);
    const row = {
      seq,
      type,
      at,
      path,
      value: apart ? null : (value ?? null),
      more: moreApart ? null : (more ?? null),
      value_at: apart ? this.#blobs.keep(run, value!) : null,
      more_at: moreApart ? this.#blobs.keep(run, more!) : null,
    };
    const sum = recordSum(run, row);
    const kept = row.value_at === null ? row.value : Buffer.from(row.value_at, "latin1");
    const moreKept = row.more_at === null ? row.more : Buffer.from(row.more_at, "latin1");
    const insert = follows ? this.#follow() : this.#insert();
    return insert.run(run, seq, NUMBERS[type], at, path, kept, moreKept, sum, epoch).changes === 1;
  }

  /** The records of a run from a number on. */
  load(run: number, id: string, from: number): readonly JournalRecord[] {
    const records: JournalRecord[] = [];
    const read = new Map<string, string>();
    let seq = Math.max(1, from);
    for (;;) {
      const rows = this.#load().all(run, seq) as unknown as readonly Columns[];
      for (const [number, at, path, value, more, sum] of rows) {
        // The checksum tells the number too, so a row whose checksum matches belongs here.
        const type = TYPES.get(number) ?? "";
        const isWhole =
          isText(value) &&
          isText(more) &&
          recordSum(run, { seq, type, at, path, value, more, value_at: null, more_at: null }) === sum;
        records.push(isWhole ? recordOf(type, at, path, value, more) : this.#whole(run, id, seq, read));
        seq += 1;
      }
      if (rows.length < ROWS_AT_ONCE) return records;
    }
  }

  /** A record that is not like most, and may be missing or damaged. */
  #whole(run: number, id: string, seq: number, read: Map<string, string>): JournalRecord {
    const columns = this.#row().get(run, seq) as unknown as JournalColumns | undefined;
    if (columns === undefined)
      return this.#damaged(`record ${seq} of run "${id}" (table journal), which is missing,`);
    const row = journalRow(columns);
    this.check(run, id, row);
    const { type, at, path, value_at, more_at } = row;
    const value = value_at === null ? row.value : this.#apart(value_at, read, seq, id);
    const more = more_at === null ? row.more : this.#apart(more_at, read, seq, id);
    return recordOf(type, at, path, value, more);
  }

  /** Checks that the checksum of a row matches its contents. */
  check(run: number, id: string, row: JournalRow): void {
    if (recordSum(run, row) !== row.sum) this.#damaged(`record ${row.seq} of run "${id}" (table journal)`);
  }

  /** How many records a run has. */
  length(run: number): number {
    return Number(this.#last().get(run)?.["last"] ?? 0);
  }

  drop(run: number): void {
    this.#remove().run(run);
  }

  #apart(column: string, read: Map<string, string>, seq: number, id: string): string {
    const text = this.#blobs.load(column, read);
    return text ?? this.#damaged(`a large value (table blobs) of record ${seq} of run "${id}"`);
  }
}

function recordOf(
  kind: string,
  at: number,
  column: string,
  value: string | null,
  more: string | null,
): JournalRecord {
  const type = kind as JournalRecord["type"];
  const path = fromColumn(column);
  if (value === null) return more === null ? { type, at, path } : { type, at, path, more };
  return more === null ? { type, at, path, value } : { type, at, path, value, more };
}
