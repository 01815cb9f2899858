/**
 * Which databases this process has open, and the one door to the bytes of their files. POSIX drops all locks that a
 * process holds on a file when it closes any handle of it. Another process then takes itself for the last one, and removes
 * the log under those who still write to it. So a handle of a file that is open here is not closed before the last connection is.
 *
 * Source: https://www.sqlite.org/howtocorrupt.html, section 2.2.
 */
import { closeSync, fstatSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { identityOf } from "./file-place.ts";

/** The doors of this package may be loaded more than once, and locks belong to the process. */
const KEY = Symbol.for("@orch/sqlite/open-files");

/** A database that this process has open. */
interface OpenFile {
  connections: number;
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

/** Counts a connection from now on until it is closed. */
export function countOpen(file: string, database: DatabaseSync): void {
  const identity = identityOf(file);
  if (identity === undefined) return;
  const files = openFiles();
  const open = files.get(identity) ?? { connections: 0, handles: new Map() };
  files.set(identity, open);
  open.connections += 1;
  const close = database.close.bind(database);
  database.close = () => {
    close();
    open.connections -= 1;
    if (open.connections > 0) return;
    files.delete(identity);
    for (const handle of open.handles.values()) closeSync(handle);
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
