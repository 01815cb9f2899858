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

type Columns = readonly [
  seq: number,
  type: string,
  at: number,
  path: string,
  value: string | null,
  more: string | null,
  valueAt: string | null,
  moreAt: string | null,
  sum: number,
];

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
    this.#load = database.prepare(
      `SELECT seq, type, at, path, value, more, value_at, more_at, sum
       FROM journal WHERE run = ? AND seq >= ? ORDER BY seq`,
    );
    this.#load.setReturnArrays(true);
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
    const rows = this.#load.all(run, from) as unknown as readonly Columns[];
    const read = new Map<string, string>();
    let next = Math.max(1, from);
    return rows.map(([seq, type, at, path, value, more, value_at, more_at, sum]) => {
      if (seq !== next) this.#damaged(`record ${next} of run "${id}" (table journal), which is missing,`);
      next += 1;
      const row = { seq, type, at, path, value, more, value_at, more_at, sum };
      this.check(run, id, row);
      const record: { -readonly [TKey in keyof JournalRecord]: JournalRecord[TKey] } = {
        type: type as JournalRecord["type"],
        at,
        path: fromColumn(path),
      };
      if (value !== null) record.value = value;
      else if (value_at !== null) record.value = this.#apart(value_at, read, seq, id);
      if (more !== null) record.more = more;
      else if (more_at !== null) record.more = this.#apart(more_at, read, seq, id);
      return record;
    });
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
