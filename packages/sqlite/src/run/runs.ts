/** The rows of runs in one database, each with the checksum of all it says. What writes runs inside the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import type { NewRun } from "@orch/core/host";
import { type LateStatement, lateStatement } from "../database/late-statement.ts";
import { type ClaimColumns, UNCLAIMED } from "./claims.ts";
import { toColumn } from "./id-text.ts";
import { type RunRow, runSum, SHOWN, type ShownRow } from "./run-rows.ts";

/** Reads and writes the table `runs`. */
export class Runs {
  readonly #damaged: (what: string) => never;
  readonly #last: LateStatement;
  readonly #insert: LateStatement;
  readonly #find: LateStatement;
  readonly #row: LateStatement;
  readonly #held: LateStatement;
  readonly #status: LateStatement;
  readonly #claim: LateStatement;
  readonly #end: LateStatement;
  readonly #shown: LateStatement;
  readonly #remove: LateStatement;

  constructor(database: DatabaseSync, damaged: (what: string) => never) {
    this.#damaged = damaged;
    this.#last = lateStatement(
      database,
      "SELECT max(seq, (SELECT coalesce(max(run), 0) FROM runs)) AS last FROM sqlite_sequence WHERE name = 'runs'",
    );
    this.#insert = lateStatement(
      database,
      `INSERT INTO runs (run, id, orchestration, version, hash, created_at, origin, status,
         epoch, token, pid, host, process_started_at, until, boot, until_on_boot, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    );
    this.#find = lateStatement(database, "SELECT run FROM runs WHERE id = ?");
    this.#row = lateStatement(database, "SELECT * FROM runs WHERE run = ?");
    this.#held = lateStatement(
      database,
      "SELECT 1 FROM runs WHERE run = ? AND epoch = ? AND token IS NOT NULL",
    );
    // Each statement sets only the columns it changes: SQLite writes an index when one of its columns is set, even to the same value.
    this.#status = lateStatement(
      database,
      "UPDATE runs SET status = ?, due_at = ?, sum = ? WHERE run = ? AND sum = ?",
    );
    this.#claim = lateStatement(
      database,
      `UPDATE runs SET epoch = ?, token = ?, pid = ?, host = ?, process_started_at = ?, until = ?, boot = ?,
         until_on_boot = ?, sum = ? WHERE run = ?`,
    );
    this.#end = lateStatement(
      database,
      `UPDATE runs SET status = ?, due_at = ?, token = NULL, pid = NULL, host = NULL, process_started_at = NULL,
         until = NULL, boot = NULL, until_on_boot = NULL, sum = ? WHERE run = ? AND sum = ?`,
    );
    this.#shown = lateStatement(database, `${SHOWN} WHERE r.id = ?`);
    this.#remove = lateStatement(database, "DELETE FROM runs WHERE run = ?");
  }

  /** The number that the next run gets. Numbers are never given twice, also not when runs were removed. */
  next(): number {
    return Number(this.#last().get()?.["last"] ?? 0) + 1;
  }

  /** Adds a run, and gives its row; `undefined` when there is one of its id. */
  add(run: number, made: NewRun, claim: ClaimColumns): RunRow | undefined {
    const row = sealed({
      run,
      id: toColumn(made.runId),
      orchestration: toColumn(made.orchestration),
      version: toColumn(made.version),
      hash: toColumn(made.hash),
      created_at: made.createdAt,
      origin: made.origin === undefined ? null : JSON.stringify(made.origin),
      status: "running",
      due_at: null,
      ...claim,
    });
    const { id, orchestration, version, hash, created_at, origin, status, sum } = row;
    const { epoch, token, pid, host, process_started_at, until, boot, until_on_boot } = row;
    const itself = [run, id, orchestration, version, hash, created_at, origin, status] as const;
    const its = [epoch, token, pid, host, process_started_at, until, boot, until_on_boot] as const;
    return this.#insert().run(...itself, ...its, sum).changes === 1 ? row : undefined;
  }

  /** The number of a run; `undefined` where there is none. */
  numberOf(runId: string): number | undefined {
    return this.#find().get(toColumn(runId))?.["run"] as number | undefined;
  }

  row(run: number): RunRow {
    return this.check(this.#row().get(run) as unknown as RunRow);
  }

  /** Whether a claim still holds. */
  holds(run: number, epoch: number): boolean {
    return this.#held().get(run, epoch) !== undefined;
  }

  /** Says where a run is and when it is due. Gives its row; `undefined` when the row is not the given one. */
  move(before: RunRow, status: string, due_at: number | null): RunRow | undefined {
    const row = sealed({ ...before, status, due_at });
    return this.#status().run(status, due_at, row.sum, row.run, before.sum).changes === 1 ? row : undefined;
  }

  /** Says how a run ended, and ends its claim; `false` when the row is not the given one. */
  end(before: RunRow, status: string, due_at: number | null): boolean {
    const { run, sum } = sealed({ ...before, ...UNCLAIMED, status, due_at });
    return this.#end().run(status, due_at, sum, run, before.sum).changes === 1;
  }

  /** Replaces the claim of a run. */
  claim(row: RunRow, claim: ClaimColumns): void {
    const { epoch, token, pid, host, process_started_at, until, boot, until_on_boot } = claim;
    const { sum } = sealed({ ...row, ...claim });
    this.#claim().run(epoch, token, pid, host, process_started_at, until, boot, until_on_boot, sum, row.run);
  }

  /** A run with its last record; `undefined` where there is none. */
  shown(runId: string): ShownRow | undefined {
    return this.#shown().get(toColumn(runId)) as unknown as ShownRow | undefined;
  }

  check<TRow extends RunRow>(row: TRow): TRow {
    return runSum(row) === row.sum ? row : this.#damaged(`run "${row.id}" (table runs)`);
  }

  drop(run: number): void {
    this.#remove().run(run);
  }
}

function sealed(row: Omit<RunRow, "sum">): RunRow {
  return { ...row, sum: runSum(row) };
}
