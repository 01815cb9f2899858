/**
 * Finds out whether a database ends before its last page. SQLite takes what is missing for zeros while the log says that the
 * pages are there, and its own check does not see that where they hold the rest of a long value.
 */

import type { DatabaseSync as Database } from "node:sqlite";
import { readSync, statSync } from "./node-fs.ts";
import { readPast } from "./open-files.ts";

const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/** How many pages in use are neither in the file nor in its log. `database` is open on the file, in a transaction. */
export function missingPages(file: string, database: Database): number {
  const pages = numberOf(database, "page_count");
  const size = numberOf(database, "page_size");
  // The log first: what is copied out of it meanwhile is in the file then.
  if (statSync(file).size >= pages * size) return 0;
  const logged = pagesIn(file, size);
  const missing: number[] = [];
  for (let page = Math.floor(statSync(file).size / size) + 1; page <= pages; page++)
    if (!logged.has(page)) missing.push(page);
  return missing.length === 0 ? 0 : used(database, missing);
}

/** A page that was given back before it was written stands nowhere, and is missed by nothing. */
function used(database: Database, pages: readonly number[]): number {
  const found = database
    .prepare("SELECT count(*) AS used FROM dbstat WHERE pageno IN (SELECT value FROM json_each(?))")
    .get(JSON.stringify(pages));
  return Number(found?.["used"]);
}

/** The pages that stand in the log, committed or not. */
function pagesIn(file: string, size: number): ReadonlySet<number> {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (log === undefined) return new Set();
  return readPast(file, "-wal", (handle) => {
    const pages = new Set<number>();
    const head = Buffer.alloc(4);
    for (let at = WAL_HEADER; at < log.size; at += FRAME_HEADER + size) {
      if (readSync(handle, head, 0, head.length, at) < head.length) break;
      pages.add(head.readUInt32BE(0));
    }
    return pages;
  });
}

function numberOf(database: Database, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}
