/** Snapshots of runs, one for each. They are a cache, and core checks them. */
import type { DatabaseSync } from "node:sqlite";
import { type LateStatement, lateStatement } from "../database/late-statement.ts";
import { SNAPSHOTS } from "../database/snapshot-table.ts";
import type { RunFile } from "./run-file.ts";
import type { Runs } from "./runs.ts";

/** The snapshots in one database. */
export class Snapshots {
  readonly #file: RunFile;
  readonly #database: DatabaseSync;
  readonly #runs: Runs;
  readonly #table: LateStatement;
  readonly #put: LateStatement;
  readonly #get: LateStatement;
  readonly #remove: LateStatement;

  constructor(file: RunFile, database: DatabaseSync, runs: Runs) {
    this.#file = file;
    this.#database = database;
    this.#runs = runs;
    this.#table = lateStatement(
      database,
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'snapshots'",
    );
    this.#put = lateStatement(database, "INSERT OR REPLACE INTO snapshots (run, body) VALUES (?, ?)");
    this.#get = lateStatement(database, "SELECT body FROM snapshots WHERE run = ?");
    this.#remove = lateStatement(database, "DELETE FROM snapshots WHERE run = ?");
  }

  put(runId: string, body: string): void {
    this.#file.write(body.length, () => {
      const run = this.#runs.numberOf(runId);
      if (run === undefined) return;
      if (!this.#isThere()) this.#database.exec(SNAPSHOTS);
      this.#put().run(run, body);
    });
  }

  /** A snapshot that cannot be read is none. */
  get(runId: string): string | undefined {
    try {
      const run = this.#runs.numberOf(runId);
      const row = run === undefined ? undefined : this.#get().get(run);
      return row && String(row["body"]);
    } catch {
      return undefined;
    }
  }

  /** Inside the caller's transaction. */
  drop(run: number): void {
    if (this.#isThere()) this.#remove().run(run);
  }

  #isThere(): boolean {
    return this.#table().get() !== undefined;
  }
}
