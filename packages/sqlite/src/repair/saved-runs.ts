/** Carries the runs of a damaged database into a new one. A run is carried whole or not at all. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { isOrchError } from "@orch/core";
import { rowSum } from "../database/row-checksum.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { Blobs } from "../run/blobs.ts";
import { fromColumn } from "../run/id-text.ts";
import { Journal, LAST, placeOf } from "../run/journal.ts";
import { Requests } from "../run/requests.ts";
import { type RunRow, runSum } from "../run/run-rows.ts";
import { type NumberedRow, readableRows, readableUntil, tried } from "./readable-rows.ts";

/** What was saved of the runs. */
export interface SavedRuns {
  readonly runs: number;
  readonly lostRuns: readonly string[];
}

/** Writes every run whose records can all be read. With a shorter journal it would make again what it had made. */
export function saveRuns(old: DatabaseSync, into: DatabaseSync, file: string): SavedRuns {
  const save = saver(old, into, file);
  const lost = new Map<number, string>();
  for (const { run } of readableUntil<{ run: number }>(
    old,
    "SELECT DISTINCT place >> 32 AS run FROM journal ORDER BY place",
  ))
    lost.set(run, `number ${run}`);
  let runs = 0;
  for (const row of readableRows<RunRow & NumberedRow>(old, "runs", "*")) {
    if (runSum(row) === row.sum && save(row)) {
      lost.delete(row.run);
      runs += 1;
    } else lost.set(row.run, fromColumn(row.id));
  }
  for (const { name, graph, sum } of readableUntil<{ name: string; graph: string; sum: number }>(
    old,
    "SELECT * FROM graphs",
  ))
    if (rowSum([name, graph]) === sum)
      into.prepare("INSERT OR IGNORE INTO graphs VALUES (?, ?, ?)").run(name, graph, sum);
  return { runs, lostRuns: [...lost.values()] };
}

/** Copies one run; `false` when it is not whole. Requests that cannot be read are asked for again, and hold no run up. */
function saver(old: DatabaseSync, into: DatabaseSync, file: string): (row: RunRow) => boolean {
  const refuse = (problem: string): never => {
    throw new StoreDamagedError({ file, problem });
  };
  const journal = new Journal(into, new Blobs(into), refuse);
  const requests = new Requests(into, refuse);
  const parts = [
    copier(old, into, "runs", "run = ?1"),
    copier(old, into, "journal", `place BETWEEN ${placeOf("?1", "1")} AND ${placeOf("?1", LAST)}`),
    copier(old, into, "blob_uses", "run = ?1"),
    copier(old, into, "blobs", "blob IN (SELECT blob FROM blob_uses WHERE run = ?1)"),
  ];
  const asked = copier(old, into, "requests", "run = ?1");
  return ({ run, id }) => {
    const isWhole = kept(into, () => {
      for (const part of parts) part(run);
      if (journal.load(run, id, 1).length === 0) refuse("no record");
    });
    if (isWhole)
      kept(into, () => {
        asked(run);
        requests.load(run, id);
      });
    return isWhole;
  };
}

/** Copies the rows of a table that belong to a run. A large value that several runs use is there already. */
function copier(old: DatabaseSync, into: DatabaseSync, table: string, where: string): (run: number) => void {
  const select = old.prepare(`SELECT * FROM ${table} WHERE ${where}`);
  select.setReturnArrays(true);
  const columns = select.columns().map(() => "?");
  const insert = into.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${columns.join(", ")})`);
  return (run) => {
    for (const row of select.all(run) as unknown as readonly SQLInputValue[][]) insert.run(...row);
  };
}

/** Does `work`, or nothing of it where something cannot be read. */
function kept(into: DatabaseSync, work: () => void): boolean {
  into.exec("SAVEPOINT part");
  let isWhole: boolean | undefined;
  try {
    isWhole = tried(() => {
      work();
      return true;
    });
  } catch (error) {
    if (!isOrchError(error, "ORCH_STORE_DAMAGED")) throw error;
  }
  if (isWhole !== true) into.exec("ROLLBACK TO part");
  into.exec("RELEASE part");
  return isWhole === true;
}
