/**
 * Which databases this process has open. Where it has, no byte of their files may be read past SQLite: POSIX drops all locks
 * that a process holds on a file when it closes any handle of it. Another process then takes itself for the last one,
 * and removes the log under those who still write to it.
 *
 * Source: https://www.sqlite.org/howtocorrupt.html, section 2.2.
 */
import type { DatabaseSync } from "node:sqlite";
import { identityOf } from "./file-place.ts";

/** The doors of this package may be loaded more than once, and locks belong to the process. */
const KEY = Symbol.for("@orch/sqlite/open-files");

/** How many connections there are, by the identity of the file. */
function counts(): Map<string, number> {
  const shared = globalThis as { [KEY]?: Map<string, number> };
  shared[KEY] ??= new Map();
  return shared[KEY];
}

/** Whether this process has the file open. */
export function isOpenHere(file: string): boolean {
  const identity = identityOf(file);
  return identity !== undefined && counts().has(identity);
}

/** Counts a connection from now on until it is closed. */
export function countOpen(file: string, database: DatabaseSync): void {
  const identity = identityOf(file);
  if (identity === undefined) return;
  const open = counts();
  open.set(identity, (open.get(identity) ?? 0) + 1);
  const close = database.close.bind(database);
  database.close = () => {
    close();
    const left = (open.get(identity) ?? 1) - 1;
    if (left === 0) open.delete(identity);
    else open.set(identity, left);
  };
}
