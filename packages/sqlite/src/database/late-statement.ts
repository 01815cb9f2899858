import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A statement that is prepared when it is used first: a process that answers one question needs half of them. */
export type LateStatement = () => StatementSync;

/** Gives the statement of a text. `asArrays`: its rows are read as arrays. */
export function lateStatement(database: DatabaseSync, sql: string, asArrays = false): LateStatement {
  let statement: StatementSync | undefined;
  return () => {
    if (statement !== undefined) return statement;
    statement = database.prepare(sql);
    if (asArrays) statement.setReturnArrays(true);
    return statement;
  };
}
