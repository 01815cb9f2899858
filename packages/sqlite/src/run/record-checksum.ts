import { crc32 } from "node:zlib";
import type { JournalRow } from "./journal.ts";

/** The checksum of a record. Lengths keep the columns apart without the cost of writing them as JSON. */
export function recordSum(run: number, row: Omit<JournalRow, "sum">): number {
  const { seq, type, at, path, value, more, value_at, more_at } = row;
  return crc32(
    `${run} ${seq} ${type} ${at} ${path.length} ${value?.length} ${more?.length} ${value_at} ${more_at} ${path}${value}${more}`,
  );
}
