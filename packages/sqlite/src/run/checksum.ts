/**
 * Checksums of rows. SQLite sees a broken page, and not a changed letter: every row that a run depends on
 * carries the CRC-32 of what it says and of where it belongs. It finds damage, and is no protection against a forger.
 */
import { crc32 } from "node:zlib";
import type { JournalRow } from "./journal.ts";

/** The checksum of a small row, given as its values in their order. */
export function rowSum(values: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(values));
}

/** The checksum of a record. Lengths keep the columns apart without the cost of writing them as JSON. */
export function recordSum(run: number, row: Omit<JournalRow, "sum">): number {
  const { seq, type, at, path, value, more, value_at, more_at } = row;
  return crc32(
    `${run} ${seq} ${type} ${at} ${path.length} ${value?.length} ${more?.length} ${value_at} ${more_at} ${path}${value}${more}`,
  );
}
