/**
 * Copies the write-ahead log into the database, off the way of commits: SQLite's own checkpoint would fall into
 * every thousandth commit and hold it up for milliseconds. Here it waits until nothing was written for a while, or
 * until what is ready to run has begun. What a copy costs is the wait for the disk to take the log, so it takes about
 * as long for each megabyte however many are copied together, and a limit on the log is a limit on that wait.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@orch/core";
import { changing } from "../database/open-files.ts";

/** How long nothing is written before the log is copied, in milliseconds. */
const IDLE = 250;
/** Log size in bytes at which a busy process copies the log after its ready work: some 4 ms. */
const LONG = 4 * 2 ** 20;
/** Log size in bytes at which the log is copied at once, because promises keep the process busy: some 15 ms. */
const LONGEST = 16 * 2 ** 20;

/** The checkpoints of one database. */
export class Checkpoints {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #look: () => void;
  readonly #pageSize: number;
  #cancel: (() => void) | undefined;
  #isSoon = false;
  #bytes = 0;
  #written = false;

  /** `look` is called now and then while something is written. */
  constructor(file: string, database: DatabaseSync, clock: Clock, look: () => void) {
    this.#file = file;
    this.#database = database;
    this.#look = look;
    this.#clock = clock;
    database.exec("PRAGMA wal_autocheckpoint = 0");
    this.#pageSize = Number(database.prepare("PRAGMA page_size").get()?.["page_size"]);
  }

  /** Counts a commit of about `size` characters. */
  wrote(size: number): void {
    // A record is a page, and now and then a second one; a run that begins or ends is some more.
    this.#bytes += 2 * this.#pageSize + size;
    this.#written = true;
    if (this.#bytes > LONGEST) this.#copy();
    else if (this.#bytes > LONG) this.#copySoon();
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

  #copySoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    this.#cancel?.();
    this.#cancel = this.#clock.after(0, () => {
      this.#cancel = undefined;
      this.#look();
      this.#copy();
    });
  }

  #copy(): void {
    this.#bytes = 0;
    this.#isSoon = false;
    try {
      // PASSIVE waits for no other process: pages that one still reads are copied the next time.
      changing(this.#file, () => this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)"));
    } catch {
      // Everything is in the log, and stays there. A medium that fails says so at the next write.
    }
  }
}
