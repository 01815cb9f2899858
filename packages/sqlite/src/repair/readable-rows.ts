/** Reads the rows of a damaged table: those around a page that cannot be read too. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** How many numbers are tried behind a place that cannot be read, where the highest number is not known. */
const TRIED = 100_000;

/** A row with its number in the table. */
export interface NumberedRow {
  readonly rowid: number;
}

/** The rows of a table with numbered rows (`SELECT rowid, columns FROM table`) in their order, without those that cannot be read. */
export function* readableRows<TRow extends NumberedRow>(
  database: DatabaseSync,
  table: string,
  columns: string,
): Generator<TRow> {
  const select = `SELECT rowid, ${columns} FROM ${table} NOT INDEXED WHERE rowid >= ? ORDER BY rowid`;
  const last = tried(() => lastOf(database, table));
  for (let from = 0; ; ) {
    try {
      for (const row of database.prepare(select).iterate(from) as Iterable<unknown> as Iterable<TRow>) {
        from = row.rowid + 1;
        yield row;
      }
      return;
    } catch (error) {
      if (!isOfSqlite(error)) throw error;
    }
    const next = nextReadable(database, table, from, last ?? from + TRIED);
    if (next === undefined) return;
    from = next;
  }
}

/** The first number from `from` on behind which a row can be read. */
function nextReadable(database: DatabaseSync, table: string, from: number, last: number): number | undefined {
  const look = database.prepare(
    `SELECT rowid FROM ${table} NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT 1`,
  );
  for (let at = from + 1; at <= last; at++) {
    const row = tried(() => look.get(at));
    if (row !== undefined) return Number(row["rowid"]);
  }
  return undefined;
}

function lastOf(database: DatabaseSync, table: string): number | undefined {
  const row = database.prepare(`SELECT rowid FROM ${table} NOT INDEXED ORDER BY rowid DESC LIMIT 1`).get();
  return row === undefined ? undefined : Number(row["rowid"]);
}

/** The rows that a statement gives before one that cannot be read. */
export function readableUntil<TRow>(
  database: DatabaseSync,
  sql: string,
  ...values: SQLInputValue[]
): readonly TRow[] {
  const rows: TRow[] = [];
  tried(() => {
    for (const row of database.prepare(sql).iterate(...values)) rows.push(row as TRow);
  });
  return rows;
}

/** What `read` gives; `undefined` where SQLite cannot read it. */
export function tried<TResult>(read: () => TResult): TResult | undefined {
  try {
    return read();
  } catch (error) {
    if (!isOfSqlite(error)) throw error;
    return undefined;
  }
}

function isOfSqlite(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === "ERR_SQLITE_ERROR" || code === "ERR_OUT_OF_RANGE";
}
