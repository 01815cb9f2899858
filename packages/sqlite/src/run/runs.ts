/** The rows of runs in one database, each with the checksum of all it says. What writes runs inside the caller's transaction. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { NewRun } from "@orch/core/host";
import { type ClaimColumns, UNCLAIMED } from "./claims.ts";
import { toColumn } from "./id-text.ts";
import { type RunRow, runSum, SHOWN, type ShownRow } from "./run-rows.ts";

/** Reads and writes the table `runs`. */
export class Runs {
  readonly #damaged: (what: string) => never;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #row: StatementSync;
  readonly #held: StatementSync;
  readonly #status: StatementSync;
  readonly #claim: StatementSync;
  readonly #end: StatementSync;
  readonly #shown: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, damaged: (what: string) => never) {
    this.#damaged = damaged;
    this.#last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'runs'");
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO runs (run, id, orchestration, version, hash, created_at, origin, status,
         epoch, token, pid, host, process_started_at, until, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare("SELECT run FROM runs WHERE id = ?");
    this.#row = database.prepare("SELECT * FROM runs WHERE run = ?");
    this.#held = database.prepare("SELECT 1 FROM runs WHERE run = ? AND epoch = ? AND token IS NOT NULL");
    // Each sets what it changes: an index is written when a column of it is set, also to what it was.
    this.#status = database.prepare("UPDATE runs SET status = ?, due_at = ?, sum = ? WHERE run = ?");
    this.#claim = database.prepare(
      `UPDATE runs SET epoch = ?, token = ?, pid = ?, host = ?, process_started_at = ?, until = ?, sum = ?
       WHERE run = ?`,
    );
    this.#end = database.prepare(
      `UPDATE runs SET status = ?, due_at = ?, token = NULL, pid = NULL, host = NULL, process_started_at = NULL,
         until = NULL, sum = ? WHERE run = ?`,
    );
    this.#shown = database.prepare(`${SHOWN} WHERE r.id = ?`);
    this.#remove = database.prepare("DELETE FROM runs WHERE run = ?");
  }

  /** The number that the next run gets. Numbers are never given twice, also not when runs were removed. */
  next(): number {
    return Number(this.#last.get()?.["seq"] ?? 0) + 1;
  }

  /** Adds a run; `false` when there is one of its id. */
  add(run: number, made: NewRun, claim: ClaimColumns): boolean {
    const { createdAt } = made;
    const id = toColumn(made.runId);
    const orchestration = toColumn(made.orchestration);
    const version = toColumn(made.version);
    const hash = toColumn(made.hash);
    const origin = made.origin === undefined ? null : JSON.stringify(made.origin);
    const what = { run, id, orchestration, version, hash, created_at: createdAt, origin };
    const sum = runSum({ ...what, status: "running", due_at: null, ...claim });
    const { epoch, token, pid, host, process_started_at, until } = claim;
    const columns = [run, id, orchestration, version, hash, createdAt, origin, "running"] as const;
    const its = [epoch, token, pid, host, process_started_at, until] as const;
    return this.#insert.run(...columns, ...its, sum).changes === 1;
  }

  /** The number of a run; `undefined` where there is none. */
  numberOf(runId: string): number | undefined {
    return this.#find.get(toColumn(runId))?.["run"] as number | undefined;
  }

  row(run: number): RunRow {
    return this.check(this.#row.get(run) as unknown as RunRow);
  }

  /** Whether a claim still holds. */
  holds(run: number, epoch: number): boolean {
    return this.#held.get(run, epoch) !== undefined;
  }

  /** Says where a run is and when it is due. */
  move(row: RunRow, status: string, due_at: number | null): void {
    this.#status.run(status, due_at, runSum({ ...row, status, due_at }), row.run);
  }

  /** Says how a run ended, and ends its claim. */
  end(row: RunRow, status: string, due_at: number | null): void {
    this.#end.run(status, due_at, runSum({ ...row, status, due_at, ...UNCLAIMED }), row.run);
  }

  /** Puts a claim in the place of the one that is there. */
  claim(row: RunRow, claim: ClaimColumns): void {
    const { epoch, token, pid, host, process_started_at, until } = claim;
    const sum = runSum({ ...row, ...claim });
    this.#claim.run(epoch, token, pid, host, process_started_at, until, sum, row.run);
  }

  /** A run with its last record; `undefined` where there is none. */
  shown(runId: string): ShownRow | undefined {
    return this.#shown.get(toColumn(runId)) as unknown as ShownRow | undefined;
  }

  check<TRow extends RunRow>(row: TRow): TRow {
    return runSum(row) === row.sum ? row : this.#damaged(`run "${row.id}" (table runs)`);
  }

  drop(run: number): void {
    this.#remove.run(run);
  }
}
