/**
 * Checksums of rows. SQLite sees a broken page, and not a changed letter: every row that a run depends on
 * carries the CRC-32 of what it says and of where it belongs. It finds damage, and is no protection against a forger.
 */
import { crc32 } from "node:zlib";

/** The checksum of a small row, given as its values in their order. */
export function rowSum(values: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(values));
}
