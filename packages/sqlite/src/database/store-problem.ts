/** Turns what SQLite and the file system throw into our errors. */

import { dirname } from "node:path";
import { isOrchError } from "@orch/core";
import { StoreBusyError } from "../errors/store-busy-error.ts";
import { StoreFailedError } from "../errors/store-failed-error.ts";
import { statfsSync } from "./node-fs.ts";

/** SQLite's primary result codes, as `errcode & 0xff`. Source: https://www.sqlite.org/rescode.html */
const BUSY = 5;
const LOCKED = 6;
const IO_ERROR = 10;
const FULL = 13;
const CANT_OPEN = 14;
const READ_ONLY = 8;
const PERMISSION = 3;
const OUT_OF_MEMORY = 7;
const CIRCUMSTANCES: ReadonlySet<number> = new Set([
  IO_ERROR,
  FULL,
  CANT_OPEN,
  READ_ONLY,
  PERMISSION,
  OUT_OF_MEMORY,
]);
/** Reading past the end of a file that was cut: the file's fault, not the medium's. */
const IO_ERROR_SHORT_READ = IO_ERROR | (2 << 8);

/** What a thrown error says about the file. `damaged` comes with what SQLite found. */
export type Verdict =
  | { readonly type: "ours"; readonly error: unknown }
  | { readonly type: "damaged"; readonly problem: string };

/** Less room than this, in bytes, is none: SQLite reports a write to a full disk as an I/O error in some places. */
const NO_ROOM = 65_536;

/** Whether the disk has no room for what was to be written. */
function isFull(file: string, errcode: number | undefined, code: string | undefined): boolean {
  if (errcode === undefined) return code === "ENOSPC";
  if ((errcode & 0xff) === FULL) return true;
  if ((errcode & 0xff) !== IO_ERROR || errcode === IO_ERROR_SHORT_READ) return false;
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < NO_ROOM;
  } catch {
    return false;
  }
}

/** Judges what was thrown while the file was used. Our statements are fixed, so a statement that SQLite cannot run means another schema. */
export function judge(file: string, thrown: unknown): Verdict {
  if (isOrchError(thrown)) return { type: "ours", error: thrown };
  const {
    errcode,
    code,
    message = String(thrown),
  } = thrown as {
    errcode?: number;
    code?: string;
    message?: string;
  };
  const cause = { cause: thrown };
  const failed = { ...cause, ...(isFull(file, errcode, code) ? { pauses: "full" as const } : {}) };
  if (errcode === undefined) {
    // A number that no row of ours can hold.
    if (code === "ERR_OUT_OF_RANGE") return { type: "damaged", problem: message };
    if (code === undefined) return { type: "ours", error: thrown };
    return { type: "ours", error: new StoreFailedError({ file, problem: message }, failed) };
  }
  const primary = errcode & 0xff;
  if (primary === BUSY || primary === LOCKED) {
    return { type: "ours", error: new StoreBusyError({ file }, cause) };
  }
  if (CIRCUMSTANCES.has(primary) && errcode !== IO_ERROR_SHORT_READ) {
    return { type: "ours", error: new StoreFailedError({ file, problem: message }, failed) };
  }
  return { type: "damaged", problem: message };
}
