import type { DatabaseSync } from "node:sqlite";

/** Runs `work` in one write transaction: all of it is kept, or, when it throws, none of it. */
export function transaction<TResult>(database: DatabaseSync, work: () => TResult): TResult {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite itself rolls back after some failures (a full disk); a second rollback would hide the first error.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
