/** Snapshots of runs, one for each. They are a cache, and core checks them. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { SNAPSHOTS } from "../database/snapshot-table.ts";
import type { RunFile } from "./run-file.ts";
import type { Runs } from "./runs.ts";

/** The snapshots in one database. */
export class Snapshots {
  readonly #file: RunFile;
  readonly #database: DatabaseSync;
  readonly #runs: Runs;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(file: RunFile, database: DatabaseSync, runs: Runs) {
    this.#file = file;
    this.#database = database;
    this.#runs = runs;
  }

  put(runId: string, body: string): void {
    this.#file.write(body.length, () => {
      const run = this.#runs.numberOf(runId);
      if (run === undefined) return;
      if (!this.#isThere()) this.#database.exec(SNAPSHOTS);
      this.#statement("INSERT OR REPLACE INTO snapshots (run, body) VALUES (?, ?)").run(run, body);
    });
  }

  /** A snapshot that cannot be read is none. */
  get(runId: string): string | undefined {
    try {
      const run = this.#runs.numberOf(runId);
      const row =
        run === undefined ? undefined : this.#statement("SELECT body FROM snapshots WHERE run = ?").get(run);
      return row && String(row["body"]);
    } catch {
      return undefined;
    }
  }

  /** Inside the caller's transaction. */
  drop(run: number): void {
    if (this.#isThere()) this.#statement("DELETE FROM snapshots WHERE run = ?").run(run);
  }

  #isThere(): boolean {
    return (
      this.#statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'snapshots'").get() !==
      undefined
    );
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#prepared.set(sql, made);
    return made;
  }
}
