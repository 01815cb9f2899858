/** The tables and indexes of a file as text, because one changed letter could mean other columns. */
import type { DatabaseSync as Database } from "node:sqlite";
import { MIGRATIONS, migrating } from "./migrations.ts";
import { DatabaseSync } from "./node-sqlite.ts";

const expected = new Map<number, ReadonlyMap<string, string>>();

/** What differs between the tables of a file and those of its format; `undefined` when nothing does. What others added does not count. */
export function schemaProblem(database: Database, format: number): string | undefined {
  const found = definitionsOf(database);
  for (const [name, sql] of definitionsIn(format)) {
    if (!found.has(name)) return `its table or index ${name} is not there`;
    if (found.get(name) !== sql) return `its table or index ${name} is not the one of format ${format}`;
  }
  return undefined;
}

function definitionsIn(format: number): ReadonlyMap<string, string> {
  const known = expected.get(format);
  if (known !== undefined) return known;
  const sample = migrating(new DatabaseSync(":memory:"));
  try {
    for (const step of MIGRATIONS.slice(0, format)) sample.exec(step);
    const definitions = definitionsOf(sample);
    expected.set(format, definitions);
    return definitions;
  } finally {
    sample.close();
  }
}

function definitionsOf(database: Database): ReadonlyMap<string, string> {
  const rows = database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema").all();
  return new Map(
    rows.map(({ type, name, tbl_name, sql }) => [String(name), JSON.stringify([type, tbl_name, sql])]),
  );
}
