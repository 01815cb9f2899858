/**
 * Which databases this process has open, and the one door to the bytes of their files. POSIX drops all locks that a
 * process holds on a file when it closes any handle of it. Another process then takes itself for the last one, and removes
 * the log under those who still write to it. So a handle of a file that is open here is not closed before the last connection is.
 *
 * Source: https://www.sqlite.org/howtocorrupt.html, section 2.2.
 */

import type { DatabaseSync } from "node:sqlite";
import { identityOf } from "./file-place.ts";
import { closeSync, fstatSync, openSync } from "./node-fs.ts";
import { type Door, printOf, type Seal, seal, unseal } from "./seal.ts";

/** The doors of this package may be loaded more than once, and locks belong to the process. */
const KEY = Symbol.for("@orch/sqlite/open-files");

/** That a database is whole: what it looked like after it was checked, or after our own last change of its file. */
export type Known = Omit<Seal, "format">;

/** A database that this process has open. */
interface OpenFile {
  connections: number;
  /** Absent once anything else changed the file. */
  known: Known | undefined;
  /** Handles that were opened past SQLite, by the identity of their file. */
  readonly handles: Map<string, number>;
}

/** The databases that are open, by the identity of the file. */
function openFiles(): Map<string, OpenFile> {
  const shared = globalThis as { [KEY]?: Map<string, OpenFile> };
  shared[KEY] ??= new Map();
  return shared[KEY];
}

/** Whether this process has the file open. */
export function isOpenHere(file: string): boolean {
  return openHere(file) !== undefined;
}

function openHere(file: string): OpenFile | undefined {
  const identity = identityOf(file);
  return identity === undefined ? undefined : openFiles().get(identity);
}

/** Makes a change of the file of an open database that is our own: it is as whole afterwards as it was before. */
export function changing<TResult>(file: string, change: () => TResult): TResult {
  const open = openHere(file);
  if (open === undefined) return change();
  const before = open.known;
  // Until it is done nothing is known.
  open.known = undefined;
  const isSame = before !== undefined && printOf(file) === before.print;
  const result = change();
  const print = printOf(file);
  if (isSame && print !== undefined) open.known = { ...before, print };
  return result;
}

/** Takes down that all of an open database was read, or the rows of a door. */
export function checked(file: string, what: { readonly at: number } | { readonly door: Door }): void {
  const open = openHere(file);
  if (open?.known === undefined) return;
  if ("at" in what) open.known = { ...open.known, checkedAt: what.at };
  else open.known = { ...open.known, doors: [...new Set([...open.known.doors, what.door])] };
}

/** Something is wrong with an open database: it is not sealed any more. */
export function doubted(file: string): void {
  const open = openHere(file);
  if (open !== undefined) open.known = undefined;
  unseal(file);
}

/** Counts a connection from now on until it is closed. The last one seals the file. */
export function countOpen(file: string, database: DatabaseSync, known: Known | undefined): void {
  const identity = identityOf(file);
  if (identity === undefined) return;
  const files = openFiles();
  const open = files.get(identity) ?? { connections: 0, known, handles: new Map() };
  files.set(identity, open);
  open.connections += 1;
  const close = database.close.bind(database);
  database.close = () => {
    close();
    open.connections -= 1;
    if (open.connections > 0) return;
    files.delete(identity);
    for (const handle of open.handles.values()) closeSync(handle);
    if (open.known !== undefined) seal(file, open.known);
  };
}

/**
 * Gives `work` a handle to read a file of the database `file` past SQLite: the database itself, its log (`-wal`) or the index of
 * that (`-shm`). Throws as `openSync` does.
 */
export function readPast<TResult>(file: string, part: string, work: (handle: number) => TResult): TResult {
  const open = openHere(file);
  if (open === undefined) {
    const handle = openSync(file + part, "r");
    try {
      return work(handle);
    } finally {
      closeSync(handle);
    }
  }
  const kept = open.handles.get(identityOf(file + part) ?? "");
  if (kept !== undefined) return work(kept);
  const handle = openSync(file + part, "r");
  const { dev, ino } = fstatSync(handle, { bigint: true });
  open.handles.set(`${dev}:${ino}`, handle);
  return work(handle);
}
