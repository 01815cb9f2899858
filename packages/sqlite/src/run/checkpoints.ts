/**
 * Copies the write-ahead log into the database, off the way of commits: SQLite's own checkpoint would fall into
 * every thousandth commit and hold it up for milliseconds. Here it waits until nothing was written for a while.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@orch/core";

/** How long nothing is written before the log is copied, in milliseconds. */
const IDLE = 250;
/** A log of about this many pages (64 MiB) is copied at once, for a process that never rests. */
const MOST_PAGES = 16_384;
const PAGE = 4096;

/** The checkpoints of one database. */
export class Checkpoints {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #look: () => void;
  #cancel: (() => void) | undefined;
  #pages = 0;
  #written = false;

  /** `look` is called now and then while something is written. */
  constructor(database: DatabaseSync, clock: Clock, look: () => void) {
    this.#database = database;
    this.#look = look;
    this.#clock = clock;
    database.exec("PRAGMA wal_autocheckpoint = 0");
  }

  /** A commit of about so many characters was made. */
  wrote(size: number): void {
    this.#pages += 2 + size / PAGE;
    this.#written = true;
    if (this.#pages > MOST_PAGES) this.#copy();
    else if (this.#cancel === undefined) this.#wait();
  }

  /** Copies what can be copied, and ends the timer. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#copy();
  }

  #wait(): void {
    this.#written = false;
    this.#cancel = this.#clock.after(IDLE, () => {
      this.#cancel = undefined;
      this.#look();
      if (this.#written) this.#wait();
      else this.#copy();
    });
  }

  #copy(): void {
    this.#pages = 0;
    try {
      // PASSIVE waits for nobody: what another process still reads is copied the next time.
      this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // Everything is in the log, and stays there. A medium that fails says so at the next write.
    }
  }
}
