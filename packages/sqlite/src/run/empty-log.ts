/**
 * The first commit into an empty log, which SQLite makes three times as long as all others: it waits for the disk to take the
 * header of the log, at level NORMAL too. It has to where the log holds frames of before, because these would be read again
 * after a power cut in which only the new ones were lost. An empty log holds none. What a power cut may take there is the last
 * commits, as at any time at this level.
 *
 * Source: https://www.sqlite.org/walformat.html; the header is synced in `sqlite3WalFrames` (wal.c).
 */

import type { DatabaseSync } from "node:sqlite";
import { statSync } from "../database/node-fs.ts";
import { transaction } from "../database/transaction.ts";

/** Write transactions of one database at level NORMAL. */
export class EmptyLog {
  readonly #file: string;
  readonly #database: DatabaseSync;
  #isNext: boolean;

  /** `waits`: every commit is to wait for the disk. */
  constructor(file: string, database: DatabaseSync, waits: boolean) {
    this.#file = file;
    this.#database = database;
    this.#isNext = !waits;
  }

  /** Runs `work` in one write transaction. */
  run<TResult>(work: () => TResult): TResult {
    if (!this.#isNext) return transaction(this.#database, work);
    this.#isNext = false;
    const done = this.#isLogEmpty() ? this.#withoutWait(work) : undefined;
    return done === undefined ? transaction(this.#database, work) : done.result;
  }

  /** `undefined` where another process was faster: nothing was done. */
  #withoutWait<TResult>(work: () => TResult): { readonly result: TResult } | undefined {
    this.#database.exec("PRAGMA synchronous = OFF");
    try {
      // Under the lock nothing else is written.
      return transaction(this.#database, () => (this.#isLogEmpty() ? { result: work() } : undefined));
    } finally {
      this.#database.exec("PRAGMA synchronous = NORMAL");
    }
  }

  #isLogEmpty(): boolean {
    return (statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
  }
}
