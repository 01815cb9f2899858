/** A copy of a damaged database that SQLite can open, where there is a way to one. */

import type { DatabaseSync as Database } from "node:sqlite";
import { migrate, PAGE_SIZE } from "../database/connect.ts";
import { copyDatabase, removeDatabase } from "../database/keep-aside.ts";
import { APPLICATION_ID, FORMAT } from "../database/migrations.ts";
import { closeSync, openSync, readSync, statSync, writeSync } from "../database/node-fs.ts";
import { DatabaseSync } from "../database/node-sqlite.ts";
import { openDatabase } from "../database/open-database.ts";
import { readPast } from "../database/open-files.ts";
import type { OwnerDoor } from "../database/owner.ts";
import { tried } from "./readable-rows.ts";

/** The tables without which nothing can be read. */
const NEEDED = ["sessions", "turns", "runs", "journal"];
/** The header of a database, in bytes, and what stands in it that no file changes: the first 24 bytes. */
const HEADER = 100;
const FIXED = 24;
/** The part of the header that says how the tables are read; the number of pages stands before it. */
const READING = { from: 44, to: 60 } as const;
/** Where the number of pages, that of the format and that of the program stand. Source: https://www.sqlite.org/fileformat.html */
const NUMBERS = { pages: 28, userVersion: 60, applicationId: 68 } as const;

/**
 * Copies a database and its log to `copy`, and makes SQLite read it: as it is, with the header of a new file, or with the pages of a
 * new file on which the tables are described. `false` when there is no way.
 */
export function readableCopy(file: string, copy: string, owner: OwnerDoor): boolean {
  copyDatabase(file, copy);
  // Whoever opens the copy and closes it brings its log into it, so that the log does not hide what is mended.
  if (isReadable(copy)) return true;
  const pages = pagesOfNew(`${copy}-new`, owner);
  mendHeader(copy, pages.get(1)!);
  if (isReadable(copy)) return true;
  mendTables(copy, pages);
  return isReadable(copy);
}

function isReadable(copy: string): boolean {
  let database: Database | undefined;
  const isOurs = tried(() => {
    database = new DatabaseSync(copy);
    if (Object.values(database.prepare("PRAGMA application_id").get() ?? {})[0] !== APPLICATION_ID)
      return false;
    migrate(database);
    for (const table of NEEDED) database.prepare(`SELECT * FROM ${table} LIMIT 0`).all();
    return true;
  });
  tried(() => database?.close());
  return isOurs === true;
}

/** The pages of a new file on which its tables are described: all but those where a table or an index begins. */
function pagesOfNew(name: string, owner: OwnerDoor): ReadonlyMap<number, Buffer> {
  const verify = (): void => {};
  const made = {
    file: name,
    onDamage: "fail",
    busyTimeout: 0,
    now: () => 0,
    token: owner.token,
    verify,
  } as const;
  const { database } = openDatabase(made);
  try {
    const begins = new Set(
      database
        .prepare("SELECT rootpage FROM sqlite_schema")
        .all()
        .map(({ rootpage }) => Number(rootpage)),
    );
    const pages = new Map<number, Buffer>();
    for (let page = 1; page <= statSync(name).size / PAGE_SIZE; page++) {
      if (begins.has(page)) continue;
      const bytes = Buffer.alloc(PAGE_SIZE);
      readPast(name, "", (handle) => readSync(handle, bytes, 0, PAGE_SIZE, (page - 1) * PAGE_SIZE));
      pages.set(page, bytes);
    }
    return pages;
  } finally {
    database.close();
    removeDatabase(name);
  }
}

function mendHeader(copy: string, first: Buffer): void {
  write(copy, first.subarray(0, FIXED), 0);
  const numbers = Buffer.alloc(4);
  // A file that was cut has fewer than it had.
  numbers.writeUInt32BE(Math.floor(statSync(copy).size / PAGE_SIZE));
  write(copy, numbers, NUMBERS.pages);
  write(copy, first.subarray(READING.from, READING.to), READING.from);
  numbers.writeUInt32BE(FORMAT);
  write(copy, numbers, NUMBERS.userVersion);
  numbers.writeUInt32BE(APPLICATION_ID);
  write(copy, numbers, NUMBERS.applicationId);
}

function mendTables(copy: string, pages: ReadonlyMap<number, Buffer>): void {
  for (const [page, bytes] of pages) {
    const from = page === 1 ? HEADER : 0;
    write(copy, bytes.subarray(from), (page - 1) * PAGE_SIZE + from);
  }
}

function write(copy: string, bytes: Buffer, at: number): void {
  const handle = openSync(copy, "r+");
  try {
    writeSync(handle, bytes, 0, bytes.length, at);
  } finally {
    closeSync(handle);
  }
}
