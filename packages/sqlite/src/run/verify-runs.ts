/** The checks of a file before its runs are used, beyond SQLite's check of every page. */
import type { DatabaseSync } from "node:sqlite";
import { RUNS_SINCE } from "../database/migrations.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { LAST, placeOf } from "./journal.ts";
import { type RunRow, runSum, runSumBefore } from "./run-rows.ts";

/** Tables with an index: a row that its index does not find would be a run that is not there. */
const INDEXED = ["runs", "blobs", "blob_uses"] as const;
/** The other such tables, by the format since which they are these. */
const INDEXED_SINCE: BySince<readonly string[]> = {
  2: ["answers", "claims"],
  3: ["answers"],
  4: ["requests"],
};
/** Tables of rows that belong to a run, with the run of a row, in the same way. */
const OWNED: BySince<{ readonly [table: string]: string }> = {
  2: { journal: "run", answers: "run", claims: "run", blob_uses: "run" },
  3: { journal: "place >> 32", answers: "run", blob_uses: "run" },
  4: { journal: "place >> 32", requests: "run", blob_uses: "run" },
};
/** The checksum of a run's row, in the same way. */
const SUMS: BySince<(row: RunRow) => number> = {
  2: (row) => runSumBefore(row, 2),
  3: (row) => runSumBefore(row, 3),
  4: runSum,
};

interface BySince<TValue> {
  readonly [format: number]: TValue;
}

function since<TValue>(values: BySince<TValue>, format: number): TValue {
  const at = Object.keys(values).findLast((first) => Number(first) <= format);
  return values[Number(at)]!;
}

/** @throws StoreDamagedError (`ORCH_STORE_DAMAGED`), naming the table or the run. */
export function verifyRuns(file: string, database: DatabaseSync): void {
  const format = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (format < RUNS_SINCE) return;
  const problem =
    indexProblem(database, [...INDEXED, ...since(INDEXED_SINCE, format)]) ??
    rowProblem(database, since(SUMS, format)) ??
    numberProblem(database) ??
    orphanProblem(database, since(OWNED, format));
  if (problem !== undefined) throw new StoreDamagedError({ file, problem });
}

function indexProblem(database: DatabaseSync, tables: readonly string[]): string | undefined {
  for (const table of tables) {
    const [found] = database.prepare(`PRAGMA integrity_check('${table}')`).all();
    const problem = String(Object.values(found ?? {})[0]);
    if (problem !== "ok") return `table ${table}: ${problem}`;
  }
  return undefined;
}

function rowProblem(database: DatabaseSync, sumOf: (row: RunRow) => number): string | undefined {
  const rows = database.prepare("SELECT * FROM runs").all() as unknown as readonly RunRow[];
  const wrong = rows.find((row) => sumOf(row) !== row.sum);
  return wrong && `run "${wrong.id}" (table runs) is not what was written`;
}

/** A number that is given twice would let an old claim hold for a new run. */
function numberProblem(database: DatabaseSync): string | undefined {
  const counted = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").get()?.["seq"];
  const last = database.prepare("SELECT max(run) AS last FROM runs").get()?.["last"];
  const isShort = Number(counted ?? 0) < Number(last ?? 0);
  return isShort ? "the last number of a run (table sqlite_sequence) is not what was written" : undefined;
}

function orphanProblem(
  database: DatabaseSync,
  owned: { readonly [table: string]: string },
): string | undefined {
  for (const [table, owner] of Object.entries(owned)) {
    const orphan = database.prepare(orphans(table, owner)).get();
    if (orphan !== undefined) return `table ${table} has rows of run ${orphan["run"]}, which is not there`;
  }
  return undefined;
}

/** Finds a run that owns rows and is not there. It leaps from run to run, and does not read every row. */
function orphans(table: string, owner: string): string {
  const key = owner === "run" ? "run" : "place";
  const next = owner === "run" ? "owners.run" : placeOf("owners.run", LAST);
  return `WITH RECURSIVE owners (run) AS (
      SELECT (SELECT ${owner} FROM ${table} ORDER BY ${key} LIMIT 1)
      UNION ALL SELECT (SELECT ${owner} FROM ${table} WHERE ${key} > ${next} ORDER BY ${key} LIMIT 1)
        FROM owners WHERE owners.run IS NOT NULL
    ) SELECT run FROM owners WHERE run IS NOT NULL AND run NOT IN (SELECT run FROM runs) LIMIT 1`;
}
