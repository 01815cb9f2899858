/** The check of a database file, by a connection that cannot write. */

import type { DatabaseSync as Database } from "node:sqlite";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { connect, numberOf } from "./connect.ts";
import { lostFrames } from "./lost-frames.ts";
import { APPLICATION_ID } from "./migrations.ts";
import { missingPages } from "./missing-pages.ts";
import { readSync, statSync } from "./node-fs.ts";
import type { OpenOptions } from "./open-database.ts";
import { isOpenHere, type Known, readPast } from "./open-files.ts";
import { refuseNewer } from "./refuse-newer.ts";
import { schemaProblem } from "./schema.ts";
import { printOf } from "./seal.ts";

/** Looks at a file without changing it, and gives what is known of it then. */
export function checkDatabase({ file, busyTimeout, verify, now, door }: OpenOptions): Known | undefined {
  const print = printOf(file);
  const { size } = statSync(file);
  if (size === 0) throw new StoreDamagedError({ file, problem: "the file is empty" });
  // Who opened it here before has looked at all of it. What is left are the rows that only this door reads.
  const isChecked = isOpenHere(file);
  if (!isChecked) checkBytes(file);
  const database = connect(file, busyTimeout, true);
  try {
    // One state of the file: another process may bring it to a new format while this one looks.
    database.exec("BEGIN");
    if (numberOf(database, "application_id") !== APPLICATION_ID) {
      throw new StoreDamagedError({ file, problem: "it is no database of Orch" });
    }
    const found = refuseNewer(file, database);
    if (found < 1) throw new StoreDamagedError({ file, problem: `its format ${found} does not exist` });
    const problem = isChecked
      ? undefined
      : (pageProblem(database) ?? endProblem(file, database) ?? schemaProblem(database, found));
    if (problem !== undefined) throw new StoreDamagedError({ file, problem });
    verify(database);
  } finally {
    database.close();
  }
  // What was written meanwhile may have been written by anybody.
  if (print === undefined || door === undefined || print !== printOf(file)) return undefined;
  return { print, doors: [door], checkedAt: now() };
}

/** What SQLite finds in the pages of a file: it reads all of them. */
function pageProblem(database: Database): string | undefined {
  const problems = database.prepare("PRAGMA quick_check(3)").all();
  const said = problems.map((row) => String(Object.values(row)[0]));
  return said.join() === "ok" ? undefined : withNames(database, said.join("; "));
}

function endProblem(file: string, database: Database): string | undefined {
  const missing = missingPages(file, database);
  return missing === 0 ? undefined : `it ends too early: ${missing} of its pages are missing`;
}

/** Looks at what SQLite itself would not tell. */
function checkBytes(file: string): void {
  // In another journal mode SQLite would ignore the log, or refuse to write.
  if (!inWalMode(file)) {
    throw new StoreDamagedError({
      file,
      problem: "its header is not that of an Orch database",
      hint: "If this is a file of something else, correct the path.",
    });
  }
  const lost = lostFrames(file);
  if (lost > 0) {
    throw new StoreDamagedError({ file, problem: `its write-ahead log has lost ${lost} committed pages` });
  }
}

/** SQLite names a table by the number of its first page; a reader wants to know which table that is. */
function withNames(database: Database, problem: string): string {
  try {
    const rows = database.prepare("SELECT name, rootpage FROM sqlite_schema").all();
    const names = new Map(rows.map(({ name, rootpage }) => [Number(rootpage), String(name)]));
    return problem.replaceAll(/\bTree (\d+)/g, (tree, page) => {
      const name = names.get(Number(page));
      return name === undefined ? tree : `${tree} (${name})`;
    });
  } catch {
    // Where the names are is damaged too.
    return problem;
  }
}

/** Whether the file's header says "SQLite, with a write-ahead log". Source: https://www.sqlite.org/fileformat.html, section 1.3. */
function inWalMode(file: string): boolean {
  const header = Buffer.alloc(20);
  readPast(file, "", (handle) => readSync(handle, header, 0, header.length, 0));
  return header.toString("latin1", 0, 16) === "SQLite format 3\0" && header[18] === 2 && header[19] === 2;
}
