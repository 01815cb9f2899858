/** Keeps a damaged database: a copy, or the file itself moved away. Nothing is ever overwritten. */

import { basename, dirname, join } from "node:path";
import { cryptoModule } from "./late-platform.ts";
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "./node-fs.ts";
import { readPast } from "./open-files.ts";

/** A database is up to three files, and a copy without its log would be a shorter one. */
const PARTS = ["", "-wal", "-shm"] as const;

/**
 * Copies a database and its log to `<file>.damaged-<time>`, and gives that name. A copy with the same
 * content that is there already is enough: a program that is started again and again does not fill the disk.
 */
export function copyAside(file: string, now: number): string {
  const print = contentOf(file);
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.damaged-`)) continue;
    // Only the log of a deleted file was kept.
    const old = join(dirname(file), name.replace(/-(?:wal|shm)$/, ""));
    if (contentOf(old) === print) return old;
  }
  const aside = freeName(file, now);
  for (const part of PARTS) if (existsSync(file + part)) copyPart(file, part, aside + part);
  return aside;
}

/** Moves a database and its log to `<file>.damaged-<time>`, and gives that name. */
export function moveAside(file: string, now: number): string {
  const aside = freeName(file, now);
  // The database first: should this process end in between, a log without its database is left, which is
  // noticed; a database without its log would look whole and be shorter.
  for (const part of PARTS) if (existsSync(file + part)) renameSync(file + part, aside + part);
  return aside;
}

function freeName(file: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, "");
  for (let at = 1; ; at++) {
    const name = `${file}.damaged-${time}${at === 1 ? "" : `-${at}`}`;
    if (PARTS.every((part) => !existsSync(name + part))) return name;
  }
}

/** Copies a database and its log to a name that is free; the index of the log is built anew from it. */
export function copyDatabase(file: string, to: string): void {
  for (const part of ["", "-wal"]) if (existsSync(file + part)) copyPart(file, part, to + part);
}

/** Removes a database, or some of its files. */
export function removeDatabase(file: string, parts: readonly string[] = PARTS): void {
  for (const part of parts) rmSync(file + part, { force: true });
}

function copyPart(file: string, part: string, to: string): void {
  const copy = openSync(to, "wx", 0o600);
  try {
    for (const bytes of piecesOf(file, part)) writeSync(copy, bytes);
    fsyncSync(copy);
  } finally {
    closeSync(copy);
  }
}

/** The database and its log as one digest; the index beside them is built anew from them. */
export function contentOf(file: string): string {
  const hash = cryptoModule().createHash("sha256");
  for (const part of ["", "-wal"]) {
    const there = existsSync(file + part) && lstatSync(file + part).isFile();
    if (there) for (const bytes of piecesOf(file, part)) hash.update(bytes);
    else hash.update("absent");
    hash.update("|");
  }
  return hash.digest("hex");
}

const PIECE = 1024 * 1024;

/** The bytes of a file of a database. A piece holds until the next one is asked for. */
function* piecesOf(file: string, part: string): Generator<Buffer> {
  const piece = Buffer.alloc(PIECE);
  for (let at = 0; ; ) {
    const length = readPast(file, part, (handle) => readSync(handle, piece, 0, PIECE, at));
    if (length === 0) return;
    yield piece.subarray(0, length);
    at += length;
  }
}
