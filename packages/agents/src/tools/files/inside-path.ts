/**
 * The guard for the disk. Whatever a model, a user or a file names as a path comes through here
 * before anything is opened: an {@link InsidePath} can be made in this file only.
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { type PathRefusal, PathRefusedError } from "../../errors/path-refused-error.ts";

declare const inside: unique symbol;

/** The real, absolute path of something that was inside the root when it was looked at. */
export type InsidePath = string & { readonly [inside]: true };

/** A file that was read through the guard. */
export interface InsideFile {
  readonly path: InsidePath;
  /** Relative to the root, with `/` between its parts. */
  readonly name: string;
  readonly bytes: Buffer;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modified: number;
}

const MAX_PATH_LENGTH = 4096;
const URL_START = /^[A-Za-z][A-Za-z0-9+.-]+:/;
// Windows drops dots and spaces at the end of a name, so ".. " and "..." may mean ".." there.
const DOTS = /^\.[. ]+$/;

/**
 * Finds the real path of `requested`, which must be in `root` after all links were followed.
 *
 * @throws PathRefusedError (`ORCH_PATH_REFUSED`) for `..`, `~`, NUL, URLs, and what is missing or outside.
 */
export async function insidePath(root: string, requested: string): Promise<InsidePath> {
  const obvious = refusalByName(requested);
  if (obvious !== undefined) throw new PathRefusedError({ path: requested, reason: obvious });
  const realRoot = await real(root, requested);
  const target = await real(resolve(realRoot, requested), requested);
  if (!contains(realRoot, target)) throw new PathRefusedError({ path: requested, reason: "outside" });
  return target as InsidePath;
}

/**
 * Reads a regular file of at most `maxBytes` bytes. Size and kind are asked of the open handle, so
 * that the file looked at is the file read; a fifo or a device is refused without waiting for it.
 *
 * @throws PathRefusedError (`ORCH_PATH_REFUSED`)
 */
export async function readInside(root: string, requested: string, maxBytes: number): Promise<InsideFile> {
  const path = await insidePath(root, requested);
  const before = await lstat(path).catch((cause: unknown) => refuse(requested, cause));
  // Opening some devices has effects, so they are refused before and not only after.
  if (!before.isFile()) throw new PathRefusedError({ path: requested, reason: "not-a-file" });
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((cause: unknown) => refuse(requested, cause));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new PathRefusedError({ path: requested, reason: "not-a-file" });
    await mustStillBeInside(root, requested, path, handle, stats);
    if (stats.size > maxBytes) throw new PathRefusedError({ path: requested, reason: "too-large", maxBytes });
    const bytes = await readAtMost(handle, stats.size, maxBytes, requested);
    const name = relative(await real(root, requested), path)
      .split(sep)
      .join("/");
    return { path, name, bytes, size: stats.size, modified: stats.mtimeMs };
  } finally {
    await handle.close();
  }
}

function refusalByName(requested: string): PathRefusal | undefined {
  if (requested === "") return "empty";
  if (requested.includes("\0")) return "nul";
  if (requested.length > MAX_PATH_LENGTH) return "too-long";
  if (requested.startsWith("~")) return "home";
  if (requested.split(/[/\\]/).some((part) => DOTS.test(part) && part.lastIndexOf(".") > 0)) return "parent";
  if (URL_START.test(requested)) return "url";
  return undefined;
}

function contains(root: string, target: string): boolean {
  const way = relative(root, target);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A folder on the way may have been swapped for a link between the check and the opening. */
async function mustStillBeInside(
  root: string,
  requested: string,
  path: InsidePath,
  handle: FileHandle,
  stats: Stats,
): Promise<void> {
  const changed = (): never => {
    throw new PathRefusedError({ path: requested, reason: "changed" });
  };
  // Linux tells where an open handle leads; elsewhere the way is walked a second time.
  const opened = await realpath(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (opened !== undefined && opened !== path) changed();
  const again = await insidePath(root, requested);
  const now = await lstat(again).catch((cause: unknown) => refuse(requested, cause));
  if (again !== path || now.ino !== stats.ino || now.dev !== stats.dev) changed();
}

/** Files that say size 0, like those in /proc, and files that grow, are held to the limit too. */
async function readAtMost(
  handle: FileHandle,
  size: number,
  maxBytes: number,
  requested: string,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size - length, 4096), 1 << 20));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, length);
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    length += bytesRead;
    if (length > maxBytes) throw new PathRefusedError({ path: requested, reason: "too-large", maxBytes });
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

async function real(path: string, requested: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => refuse(requested, cause));
}

const REASONS: { readonly [code: string]: PathRefusal } = {
  ENOENT: "missing",
  ENOTDIR: "missing",
  ENAMETOOLONG: "too-long",
  EISDIR: "not-a-file",
  ENXIO: "not-a-file",
};

function refuse(requested: string, cause: unknown): never {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  throw new PathRefusedError({ path: requested, reason: REASONS[code] ?? "unreadable" });
}
