/** What a file is checked for before its runs are used, beyond SQLite's check of every page. */
import type { DatabaseSync } from "node:sqlite";
import { RUNS_SINCE } from "../database/migrations.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { type RunRow, runSum } from "./run-rows.ts";

/** Tables with an index: a row that its index does not find would be a run that is not there. */
const INDEXED = ["runs", "claims", "answers", "blobs", "blob_uses"] as const;
/** Tables of rows that belong to a run. */
const OWNED = ["journal", "answers", "claims", "blob_uses"] as const;

/** @throws StoreDamagedError (`ORCH_STORE_DAMAGED`), naming the table or the run. */
export function verifyRuns(file: string, database: DatabaseSync): void {
  if (Number(database.prepare("PRAGMA user_version").get()?.["user_version"]) < RUNS_SINCE) return;
  const damaged = (problem: string): never => {
    throw new StoreDamagedError({ file, problem });
  };
  for (const table of INDEXED) {
    const [found] = database.prepare(`PRAGMA integrity_check('${table}')`).all();
    const problem = String(Object.values(found ?? {})[0]);
    if (problem !== "ok") damaged(`table ${table}: ${problem}`);
  }
  for (const row of database.prepare("SELECT * FROM runs").all() as unknown as readonly RunRow[]) {
    if (runSum(row) !== row.sum) damaged(`run "${row.id}" (table runs) is not what was written`);
  }
  for (const table of OWNED) {
    const orphan = database.prepare(orphans(table)).get();
    if (orphan !== undefined) damaged(`table ${table} has rows of run ${orphan["run"]}, which is not there`);
  }
}

/** Finds a run that owns rows and is not there. It leaps from run to run, and does not read every row. */
function orphans(table: string): string {
  return `WITH RECURSIVE owners (run) AS (
      SELECT min(run) FROM ${table}
      UNION ALL SELECT (SELECT min(t.run) FROM ${table} t WHERE t.run > owners.run) FROM owners WHERE owners.run IS NOT NULL
    ) SELECT run FROM owners WHERE run IS NOT NULL AND run NOT IN (SELECT run FROM runs) LIMIT 1`;
}
