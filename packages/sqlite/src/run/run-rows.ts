/** Runs as rows, each with the checksum of what it says. */
import { parseJson } from "@orch/core";
import type { StoredRun } from "@orch/core/host";
import { rowSum } from "../database/row-checksum.ts";
import type { ClaimColumns } from "./claims.ts";
import { fromColumn } from "./id-text.ts";
import { type JournalColumns, LAST, placeOf, seqOf } from "./journal.ts";

/** A row of `runs`. */
export interface RunRow extends ClaimColumns {
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

/** A run with its last record, as `SHOWN` selects it; without one all of the record's columns are `null`. */
export interface ShownRow extends RunRow {
  readonly seq: number | null;
  readonly type: number | null;
  readonly at: number | null;
  readonly path: string | null;
  readonly value: JournalColumns[4];
  readonly more: JournalColumns[5];
  readonly record_sum: number | null;
}

/** Selects runs with what a list shows of them; conditions go behind it. */
export const SHOWN: string = `SELECT r.*, ${seqOf("j.place")} AS seq, j.type, j.at, j.path, j.value, j.more, j.sum AS record_sum
  FROM runs r
  LEFT JOIN journal j ON j.place = (
    SELECT max(place) FROM journal WHERE place BETWEEN ${placeOf("r.run", "1")} AND ${placeOf("r.run", LAST)})`;

/** The checksum of a run's row. */
export function runSum(row: Omit<RunRow, "sum">): number {
  return rowSum([...valuesOf(row), ...claimOf(row), row.boot, row.until_on_boot]);
}

/** The checksum of a run's row in a file of an older format: in format 2 claims had a table of their own. */
export function runSumBefore(row: Omit<RunRow, "sum">, format: 2 | 3): number {
  return rowSum(format === 2 ? valuesOf(row) : [...valuesOf(row), ...claimOf(row)]);
}

type Values = readonly (string | number | null)[];

function valuesOf(row: Omit<RunRow, "sum">): Values {
  const { run, id, orchestration, version, hash, created_at, origin, status, due_at } = row;
  return [run, id, orchestration, version, hash, created_at, origin, status, due_at];
}

function claimOf({ epoch, token, pid, host, process_started_at, until }: Omit<RunRow, "sum">): Values {
  return [epoch, token, pid, host, process_started_at, until];
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
