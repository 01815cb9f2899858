/**
 * Finds out whether a write-ahead log lost transactions that had been committed.
 *
 * After a crash SQLite reads the log up to the first frame whose checksum fails, and forgets the
 * rest without a word. That is right for a write that was torn by the crash, and wrong for a log that
 * was cut or damaged later. The `-shm` file, which a killed process leaves behind, tells them apart:
 * it counts the frames that were committed, and is written after them.
 *
 * Source: https://www.sqlite.org/walformat.html (the log, its checksums, the index header).
 */
import { fstatSync, readSync } from "./node-fs.ts";
import { readPast } from "./open-files.ts";

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const INDEX_HEADER = 48;
const INDEX_VERSION = 3_007_000;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

/** What the `-shm` file says of the log. */
interface Witness {
  readonly pageSize: number;
  /** How many frames were committed. */
  readonly frames: number;
  /** How many of them are in the database file as well. */
  readonly copied: number;
  readonly salt: Buffer;
}

/**
 * How many committed frames the log of a database has lost; 0 when none are known to be lost. It only
 * reads. When other processes write at the same time it errs towards 0.
 */
export function lostFrames(file: string): number {
  const witness = readWitness(file);
  if (witness === undefined || witness.frames <= witness.copied) return 0;
  const wal = readIfThere(file, "-wal");
  if (wal === undefined || wal.length < WAL_HEADER) return recheck(file, witness, witness.frames);
  // The log was restarted after the witness was written. The frames that it counted are in the database file.
  if (!wal.subarray(16, 24).equals(witness.salt) && headerHolds(wal)) return recheck(file, witness, 0);
  const whole = committedFrames(wal, witness.pageSize);
  return whole >= witness.frames ? 0 : recheck(file, witness, witness.frames - whole);
}

/** A process that went on writing between our two readings has changed the witness: then nothing is known. */
function recheck(file: string, before: Witness, lost: number): number {
  if (lost === 0) return 0;
  const after = readWitness(file);
  const same =
    after?.frames === before.frames && after.salt.equals(before.salt) && after.copied === before.copied;
  return same ? lost : 0;
}

function readWitness(file: string): Witness | undefined {
  const index = readIfThere(file, "-shm", 3 * INDEX_HEADER);
  if (index === undefined || index.length < 2 * INDEX_HEADER + 4) return undefined;
  const first = index.subarray(0, INDEX_HEADER);
  // Two copies, written one after the other: different ones were torn, and SQLite builds them anew.
  if (!first.equals(index.subarray(INDEX_HEADER, 2 * INDEX_HEADER))) return undefined;
  if (first.readUInt32LE(0) !== INDEX_VERSION || first[12] !== 1) return undefined;
  const [s0, s1] = checksum(first.subarray(0, 40), [0, 0], true);
  if (first.readUInt32LE(40) !== s0 || first.readUInt32LE(44) !== s1) return undefined;
  const size = first.readUInt16LE(14);
  return {
    pageSize: size === 1 ? 65_536 : size,
    frames: first.readUInt32LE(16),
    copied: index.readUInt32LE(2 * INDEX_HEADER),
    salt: Buffer.from(first.subarray(32, 40)),
  };
}

function headerHolds(wal: Buffer): boolean {
  const magic = wal.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return false;
  const [s0, s1] = checksum(wal.subarray(0, 24), [0, 0], magic === MAGIC_LITTLE);
  return wal.readUInt32BE(24) === s0 && wal.readUInt32BE(28) === s1;
}

/** Frames up to the last commit that SQLite will find: salts of the header and an unbroken chain of checksums. */
function committedFrames(wal: Buffer, pageSize: number): number {
  if (!headerHolds(wal)) return 0;
  const little = wal.readUInt32BE(0) === MAGIC_LITTLE;
  const salt = wal.subarray(16, 24);
  let sums: Sums = [wal.readUInt32BE(24), wal.readUInt32BE(28)];
  let committed = 0;
  for (let at = WAL_HEADER, frame = 1; ; at += FRAME_HEADER + pageSize, frame += 1) {
    const head = wal.subarray(at, at + FRAME_HEADER);
    const page = wal.subarray(at + FRAME_HEADER, at + FRAME_HEADER + pageSize);
    if (page.length < pageSize || !head.subarray(8, 16).equals(salt)) return committed;
    sums = checksum(page, checksum(head.subarray(0, 8), sums, little), little);
    if (head.readUInt32BE(16) !== sums[0] || head.readUInt32BE(20) !== sums[1]) return committed;
    if (head.readUInt32BE(4) !== 0) committed = frame;
  }
}

type Sums = readonly [number, number];

function checksum(bytes: Buffer, [first, second]: Sums, little: boolean): Sums {
  let s0 = first;
  let s1 = second;
  for (let at = 0; at < bytes.length; at += 8) {
    s0 = (s0 + (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + s1) >>> 0;
    s1 = (s1 + (little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + s0) >>> 0;
  }
  return [s0, s1];
}

function readIfThere(file: string, part: string, length?: number): Buffer | undefined {
  try {
    return readPast(file, part, (handle) => {
      const bytes = Buffer.alloc(length ?? fstatSync(handle).size);
      return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0));
    });
  } catch {
    return undefined;
  }
}
