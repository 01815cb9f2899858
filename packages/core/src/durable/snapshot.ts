/**
 * A snapshot: a run as it was after a record of its journal, as one text. It is a cache, and never needed: what is damaged, of
 * another form, of another definition or of another journal counts as absent.
 */
import type { JournalRecord } from "../words/journal-record.ts";
import type { RecordedVersion } from "../words/migrate.ts";
import { readJson } from "./json.ts";
import type { KeptPart } from "./known-parts.ts";
import type { SnapshotForm } from "./snapshot-form.ts";

/** Which form this version writes and reads. */
const FORMAT = 4;

/** A run after a record. */
export interface Snapshot {
  readonly form: SnapshotForm;
  /** The number of that record. */
  readonly records: number;
  /** A checksum of that record, so that a journal that was begun anew is not taken for the one before. */
  readonly last: number;
  /** What is large in it and stands in the journal too; absent where nothing is. */
  readonly parts?: readonly KeptPart[] | undefined;
}

/** The text of a snapshot: its checksum, a space, and JSON. */
export function snapshotText(
  { form, records, last, parts }: Snapshot,
  { version, hash }: RecordedVersion,
): string {
  const json = JSON.stringify([FORMAT, version, hash, records, last, form, parts]);
  return `${sumOf(json)} ${json}`;
}

/** Reads the text of a snapshot; `undefined` when it is damaged, or not of this format and definition. */
export function readSnapshot(text: string, present: RecordedVersion): Snapshot | undefined {
  const place = text.indexOf(" ");
  const json = text.slice(place + 1);
  if (String(sumOf(json)) !== text.slice(0, place)) return undefined;
  const [format, version, hash, records, last, form, parts] = readJson(json) as unknown as readonly [
    ...[number, string, string, number, number, SnapshotForm, readonly KeptPart[]],
  ];
  if (format !== FORMAT || version !== present.version || hash !== present.hash) return undefined;
  return { form, records, last, parts };
}

/** The checksum of a record. */
export function lastSum({ type, at, path, value, more }: JournalRecord): number {
  return sumOf(`${type} ${at} ${path} ${value?.length} ${more}`);
}

/**
 * A checksum of a text. It finds damage, and protects against nothing.
 *
 * Source: FNV-1a, 32 bits, http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function sumOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  }
  return sum >>> 0;
}
