/** Connections to a database file, as this package makes them. */

import type { DatabaseSync as Database } from "node:sqlite";
import { FORMAT, MIGRATIONS, migrating } from "./migrations.ts";
import { chmodSync, statSync } from "./node-fs.ts";
import { DatabaseSync } from "./node-sqlite.ts";
import { transaction } from "./transaction.ts";

/**
 * The size of a page in a new file, in bytes; an existing file keeps its own. A commit of a small record writes one
 * page, and a smaller one is less to sum up and to write; large values take more pages, and checking a file at its
 * opening more reads.
 */
export const PAGE_SIZE = 1024;

/** Opens a file. */
export function connect(file: string, timeout: number, readOnly: boolean): Database {
  const database = new DatabaseSync(file, { timeout, readOnly });
  try {
    database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    if (readOnly) return database;
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    // FULL: a commit is on the disk when it returns, so that it outlives a power cut as well as a crash.
    database.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
    // Old contents of a changed row are not left in its page.
    database.exec("PRAGMA secure_delete = FAST");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Brings an open file to the format of this version, in one transaction. */
export function migrate(database: Database): void {
  if (numberOf(database, "user_version") === FORMAT) return;
  transaction(database, () => {
    // Read again under the lock: another process may have migrated meanwhile.
    for (let format = numberOf(database, "user_version"); format < FORMAT; format++) {
      migrating(database).exec(MIGRATIONS[format]!);
      database.exec(`PRAGMA user_version = ${format + 1}`);
    }
  });
}

/** The number that a pragma gives. */
export function numberOf(database: Database, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}
