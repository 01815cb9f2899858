/** The records of runs in one database. What writes runs inside the caller's transaction, or is one statement. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JournalRecord } from "@orch/core/host";
import { type Blobs, fitsInRow } from "./blobs.ts";
import { recordSum } from "./checksum.ts";
import { fromColumn, toColumn } from "./id-text.ts";

/** A row of `journal`. A large text is `null` here, and its place says where it is. */
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

/** A row as a load reads most of them: `type` is `null` for `committed`, `apart` tells of a large text. */
type Columns = readonly [
  type: string | null,
  at: number,
  path: string,
  value: string | null,
  more: string | null,
  apart: string | null,
  sum: number,
];

/** A load takes its rows in parts, so that those of a long run are not in memory twice. */
const ROWS_AT_ONCE = 2_000;

/** Whether a record fits into its row, so that writing it is one statement. */
export function isSmall({ value, more }: JournalRecord): boolean {
  return fitsInRow(value) && fitsInRow(more);
}

/** Reads and writes records, each with its checksum. */
export class Journal {
  readonly #blobs: Blobs;
  readonly #damaged: (what: string) => never;
  readonly #insert: StatementSync;
  readonly #load: StatementSync;
  readonly #row: StatementSync;
  readonly #last: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, blobs: Blobs, damaged: (what: string) => never) {
    this.#blobs = blobs;
    this.#damaged = damaged;
    // The fence is part of the insert: nothing is written under a claim that was taken over, nor out of its turn.
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO journal (run, seq, type, at, path, value, more, value_at, more_at, sum)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
       WHERE EXISTS (SELECT 1 FROM claims WHERE epoch = ?11 AND run = ?1)
         AND (?2 = 1 OR EXISTS (SELECT 1 FROM journal WHERE run = ?1 AND seq = ?2 - 1))`,
    );
    // Half of a load is the way of the columns into JavaScript: what most rows do not need comes as NULL.
    this.#load = database.prepare(
      `SELECT nullif(type, 'committed'), at, path, value, more, coalesce(value_at, more_at), sum
       FROM journal WHERE run = ? AND seq >= ? ORDER BY seq LIMIT ${ROWS_AT_ONCE}`,
    );
    this.#load.setReturnArrays(true);
    this.#row = database.prepare(
      `SELECT seq, type, at, path, value, more, value_at, more_at, sum FROM journal WHERE run = ? AND seq = ?`,
    );
    this.#last = database.prepare("SELECT max(seq) AS last FROM journal WHERE run = ?");
    this.#remove = database.prepare("DELETE FROM journal WHERE run = ?");
  }

  /** Writes record number `seq` of a run; `false` when the claim does not hold or it is not the next one. */
  write(run: number, epoch: number, seq: number, record: JournalRecord): boolean {
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
    const columns = [type, at, path, row.value, row.more, row.value_at, row.more_at] as const;
    return this.#insert.run(run, seq, ...columns, sum, epoch).changes === 1;
  }

  /** The records of a run from a number on. */
  load(run: number, id: string, from: number): readonly JournalRecord[] {
    const records: JournalRecord[] = [];
    const read = new Map<string, string>();
    let seq = Math.max(1, from);
    for (;;) {
      const rows = this.#load.all(run, seq) as unknown as readonly Columns[];
      for (const [kind, at, column, value, more, apart, sum] of rows) {
        const type = kind ?? "committed";
        const row = { seq, type, at, path: column, value, more, value_at: null, more_at: null };
        // The checksum tells the number too, so a row that fits is the one that belongs here.
        records.push(
          apart !== null || recordSum(run, row) !== sum
            ? this.#whole(run, id, seq, read)
            : recordOf(type, at, column, value, more),
        );
        seq += 1;
      }
      if (rows.length < ROWS_AT_ONCE) return records;
    }
  }

  /** A record that is not like most, and may be missing or damaged. */
  #whole(run: number, id: string, seq: number, read: Map<string, string>): JournalRecord {
    const row = this.#row.get(run, seq) as unknown as JournalRow | undefined;
    if (row === undefined)
      return this.#damaged(`record ${seq} of run "${id}" (table journal), which is missing,`);
    this.check(run, id, row);
    const { type, at, path, value_at, more_at } = row;
    const value = value_at === null ? row.value : this.#apart(value_at, read, seq, id);
    const more = more_at === null ? row.more : this.#apart(more_at, read, seq, id);
    return recordOf(type, at, path, value, more);
  }

  /** Makes sure that a row says what was written. */
  check(run: number, id: string, row: JournalRow): void {
    if (recordSum(run, row) !== row.sum) this.#damaged(`record ${row.seq} of run "${id}" (table journal)`);
  }

  /** How many records a run has. */
  length(run: number): number {
    return Number(this.#last.get(run)?.["last"] ?? 0);
  }

  drop(run: number): void {
    this.#remove.run(run);
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
