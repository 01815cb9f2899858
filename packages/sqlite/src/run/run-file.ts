/** One file with runs: each use of it is a transaction, and damage that shows is named and copied aside. */
import type { DatabaseSync } from "node:sqlite";
import { type Clock, isOrchError } from "@orch/core";
import { FilePlace } from "../database/file-place.ts";
import { copyAside } from "../database/keep-aside.ts";
import { refuseNewer } from "../database/refuse-newer.ts";
import { judge } from "../database/store-problem.ts";
import { StoreClosedError } from "../errors/store-closed-error.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { Checkpoints } from "./checkpoints.ts";
import { EmptyLog } from "./empty-log.ts";

/** The file of an open database of runs, and the guards around every use of it. */
export class RunFile {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #checkpoints: Checkpoints;
  readonly #place: FilePlace;
  readonly #log: EmptyLog;
  /** What a check found that was made while the file was in use. */
  #problem: string | undefined;

  /** `waits`: every commit waits for the disk. */
  constructor(file: string, database: DatabaseSync, clock: Clock, waits: boolean) {
    this.#file = file;
    this.#database = database;
    this.#clock = clock;
    this.#place = new FilePlace(file);
    this.#log = new EmptyLog(file, database, waits);
    this.#checkpoints = new Checkpoints(file, database, clock, () => this.#place.look());
  }

  /** One transaction that writes about `size` characters. */
  write<TResult>(size: number, work: () => TResult): TResult {
    this.#place.look();
    return this.add(size, work);
  }

  /** The same for what is only added. The next check sees whether the file still exists, and every run has one before its end. */
  add<TResult>(size: number, work: () => TResult): TResult {
    return this.guard(size, () => this.#log.run(work));
  }

  /** One transaction that sees a single state of the file. */
  read<TResult>(work: () => TResult): TResult {
    return this.guard(undefined, () => {
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        if (this.#database.isTransaction) this.#database.exec("COMMIT");
      }
    });
  }

  /**
   * Turns what SQLite throws in `work` into our errors. `size` is about how much is written, in characters; `undefined`
   * when nothing is.
   */
  guard<TResult>(size: number | undefined, work: () => TResult): TResult {
    if (!this.#database.isOpen) throw new StoreClosedError({ file: this.#file });
    if (this.#problem !== undefined) this.damaged(this.#problem);
    try {
      if (size !== undefined) this.#place.refuseGone();
      const result = work();
      if (size !== undefined) this.#checkpoints.wrote(size);
      return result;
    } catch (error) {
      const verdict = judge(this.#file, error);
      if (verdict.type === "ours") throw verdict.error;
      this.damaged(verdict.problem, error);
    }
  }

  /** The file is damaged: nothing is written to it any more. */
  found(problem: string): void {
    this.#problem = problem;
  }

  /** Names what is damaged, and copies the file aside as it is now. */
  damaged(problem: string, cause?: unknown): never {
    this.#refuseNewer();
    let keptAt: string | undefined;
    try {
      keptAt = copyAside(this.#file, this.#clock.now());
    } catch {
      // No room for a copy: the file itself is left as it is.
    }
    const facts = { file: this.#file, problem, ...(keptAt === undefined ? {} : { keptAt }) };
    throw new StoreDamagedError(facts, { cause });
  }

  /** Releases the file. */
  close(): void {
    this.#checkpoints.close();
    this.#database.close();
  }

  /** A newer version may have brought the file to its format meanwhile: then nothing is damaged. */
  #refuseNewer(): void {
    try {
      refuseNewer(this.#file, this.#database);
    } catch (error) {
      // A file whose format number cannot be read is damaged.
      if (isOrchError(error)) throw error;
    }
  }
}
