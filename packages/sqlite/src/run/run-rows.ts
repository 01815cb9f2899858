/** Runs as rows, each with the checksum of what it says. */
import { parseJson } from "@orch/core";
import type { NewRun, StoredRun } from "@orch/core/host";
import { rowSum } from "./checksum.ts";
import type { ClaimRow } from "./claims.ts";
import { fromColumn, toColumn } from "./id-text.ts";
import type { JournalRow } from "./journal.ts";

/** A row of `runs`. */
export interface RunRow {
  readonly run: number;
  readonly id: string;
  readonly orchestration: string;
  readonly version: string;
  readonly hash: string;
  readonly created_at: number;
  readonly origin: string | null;
  readonly status: string;
  readonly due_at: number | null;
  readonly sum: number;
}

/** A run with its claim and its last record, as `SHOWN` selects it. */
export interface ShownRow
  extends RunRow,
    Nullable<Omit<ClaimRow, "run" | "sum">>,
    Nullable<Omit<JournalRow, "sum">> {
  readonly claim_sum: number | null;
  readonly record_sum: number | null;
}

type Nullable<TRow> = { readonly [TKey in keyof TRow]: TRow[TKey] | null };

/** Selects runs with what a list shows of them; conditions go behind it. */
export const SHOWN = `SELECT r.*, c.epoch, c.token, c.pid, c.host, c.process_started_at, c.until, c.sum AS claim_sum,
    j.seq, j.type, j.at, j.path, j.value, j.more, j.value_at, j.more_at, j.sum AS record_sum
  FROM runs r
  LEFT JOIN claims c ON c.run = r.run
  LEFT JOIN journal j ON j.run = r.run AND j.seq = (SELECT max(seq) FROM journal WHERE run = r.run)`;

/** A new run as the values of its columns after `run`, without the checksum. */
export function columnsOf(run: NewRun): readonly (string | number | null)[] {
  return [
    toColumn(run.runId),
    toColumn(run.orchestration),
    toColumn(run.version),
    toColumn(run.hash),
    run.createdAt,
    run.origin === undefined ? null : JSON.stringify(run.origin),
  ];
}

/** The checksum of a run's row. */
export function runSum(row: Omit<RunRow, "sum">): number {
  const { run, id, orchestration, version, hash, created_at, origin, status, due_at } = row;
  return rowSum([run, id, orchestration, version, hash, created_at, origin, status, due_at]);
}

/** Whether a run of this status has ended. */
export function isEnd(status: string): boolean {
  return status !== "running" && status !== "waiting";
}

/** A run as others see it. */
export function storedRun(row: ShownRow, holder: StoredRun["holder"]): StoredRun {
  return {
    runId: fromColumn(row.id),
    orchestration: fromColumn(row.orchestration),
    version: fromColumn(row.version),
    hash: fromColumn(row.hash),
    status: row.status as StoredRun["status"],
    createdAt: row.created_at,
    updatedAt: row.at ?? row.created_at,
    records: row.seq ?? 0,
    ...(row.due_at === null ? {} : { dueAt: row.due_at }),
    ...(row.origin === null
      ? {}
      : { origin: parseJson(row.origin) as unknown as NonNullable<StoredRun["origin"]> }),
    ...(holder === undefined ? {} : { holder }),
  };
}
