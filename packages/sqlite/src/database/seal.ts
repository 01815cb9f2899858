/**
 * The seal of a file: that it is, to the byte, as this package left it when it was last closed, after it had been checked. It
 * stands beside the file, as `<file>-seal`, and has the size, the time and the number of the file. A file that anything else wrote
 * to, that was moved, copied or restored, or that a process left without closing it has no seal that fits, and is checked.
 *
 * While a file is open here it may change by our own checkpoints only: what it looks like is compared before each of
 * them and taken down after it. A file that changed otherwise, be it by another process of ours, is not sealed.
 */

import { crc32 } from "node:zlib";
import { parseJson } from "@orch/core";
import { FORMAT } from "./migrations.ts";
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "./node-fs.ts";

/** Which rows were checked: those that a door reads. */
export type Door = "runs" | "sessions";

/** What a seal says. */
export interface Seal {
  readonly print: string;
  readonly format: number;
  /** Whose rows were checked. */
  readonly doors: readonly Door[];
  /** When all of the file was read last, in milliseconds since the epoch. */
  readonly checkedAt: number;
}

/** How far the time of a file is set back, in milliseconds: more than the clock of a file stands still. */
const BACK = 50;

/** What a file looks like: device, number, size, and when it was changed, in nanoseconds; `undefined` where there is none. */
export function printOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat && `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** The seal of a file; `undefined` where there is none that fits. To be asked only while the file is not open here. */
export function sealOf(file: string): Seal | undefined {
  try {
    const [sum, json] = readFileSync(sealNameOf(file), "utf8").split("\n", 2);
    const seal = parseJson(json!) as unknown as Seal;
    const isOurs = seal.format === FORMAT && seal.print === printOf(file) && !hasLog(file);
    return isOurs && sum === String(crc32(json!)) ? seal : undefined;
  } catch {
    return undefined;
  }
}

/** Seals a file that was closed and looks like this. Where it cannot be sealed it is checked the next time. */
export function seal(file: string, { print, doors, checkedAt }: Omit<Seal, "format">): void {
  try {
    if (hasLog(file) || print !== printOf(file)) return;
    const before = sealOf(file);
    if (before?.checkedAt === checkedAt && doors.every((door) => before.doors.includes(door))) return;
    const stamped = stamp(file);
    if (stamped === undefined) return;
    const json = JSON.stringify({ print: stamped, format: FORMAT, doors, checkedAt } satisfies Seal);
    writeFileSync(sealNameOf(file), `${crc32(json)}\n${json}\n`, { mode: 0o600 });
  } catch {
    // A full disk, or a folder that cannot be written to.
  }
}

/**
 * Sets the time of a file back a little, and gives what it looks like then. The clock of a file stands still for some
 * milliseconds: without this a write right after ours would have the same time. `undefined` where times are coarse.
 */
function stamp(file: string): string | undefined {
  const { atimeMs, mtimeMs } = statSync(file);
  const time = mtimeMs - BACK;
  utimesSync(file, atimeMs / 1_000, time / 1_000);
  return Math.abs(statSync(file).mtimeMs - time) < 1 ? printOf(file) : undefined;
}

/** Removes the seal of a file, so that all of it is checked when it is opened. */
export function unseal(file: string): void {
  rmSync(sealNameOf(file), { force: true });
}

function sealNameOf(file: string): string {
  return `${file}-seal`;
}

/** Whether something may be in the log that is not in the file. */
function hasLog(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
