/**
 * The door to the process: our own identity, and whether another process still runs.
 *
 * A process is known by its number and by when it started, because numbers are given out again.
 * The start is read from `/proc`; where there is none (macOS, Windows), only the number is known.
 */

import { hostname } from "node:os";
import { newId, systemClock, systemRandom } from "@orch/core/doors";
import { readFileSync } from "./node-fs.ts";

// To import it by its name makes the standard streams, which takes as long as opening a file.
const { process } = globalThis;

/** A process, as a hold names it. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it started, as an opaque text; empty where that is not known. */
  readonly startedAt: string;
}

/** Who writes, and how to find out whether another writer still runs. */
export interface OwnerDoor {
  readonly self: Owner;
  /** Different for every store, also within one process. */
  readonly token: string;
  /** Whether a process of this host runs. */
  readonly runs: (owner: Owner) => boolean;
  /** The clock that runs since the machine's boot; absent where the boot is not known. */
  readonly boot?: BootClock | undefined;
}

/** A clock that all processes of a machine share, and that no setting of the time moves. */
export interface BootClock {
  /** Which boot of which machine. */
  readonly id: string;
  /** Milliseconds since some moment of that boot. */
  readonly now: () => number;
}

/** The version of Node, like `24.11.0`. */
export function nodeVersion(): string {
  return process.versions.node;
}

/** This process, as the system sees it. */
export function processOwner(): OwnerDoor {
  const { pid } = process;
  return {
    self: { pid, host: hostname(), startedAt: startOf(pid) ?? "" },
    token: newId("store", systemClock.now(), systemRandom),
    boot: bootClock(),
    runs: (owner) => {
      if (!exists(owner.pid)) return false;
      const started = startOf(owner.pid);
      if (started === "ended") return false;
      return started === undefined || owner.startedAt === "" || started === owner.startedAt;
    },
  };
}

function exists(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Fields of `/proc/<pid>/stat` after the command's name: the first is the state, the twentieth the start in ticks since boot. */
const STATE = 0;
const START = 19;

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; its parent has not looked yet.
    if (fields[STATE] === "Z" || fields[STATE] === "X") return "ended";
    return `${bootId()}:${fields[START]}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
}

/** `process.hrtime` is the clock of the boot, the same for every process. */
function bootClock(): BootClock | undefined {
  try {
    return { id: bootId(), now: () => Number(process.hrtime.bigint()) / 1e6 };
  } catch {
    return undefined;
  }
}
