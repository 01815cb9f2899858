/** The snapshots in a store: how a run is read by one, and how one is kept. */

import { given } from "../platform/given.ts";
import type { Codec } from "./codec.ts";
import type { Counted } from "./effective.ts";
import type { Folded } from "./folded.ts";
import type { JournalStore, StoredRun } from "./journal-store.ts";
import type { Json } from "./json.ts";
import { type KeptPart, KnownParts } from "./known-parts.ts";
import { endsWithParts, mayHaveParts, PartReader } from "./part-reader.ts";
import { PartWriter } from "./part-writer.ts";
import { restoredRun } from "./restored-run.ts";
import { lastSum, readSnapshot, snapshotText } from "./snapshot.ts";
import { type SnapshotForm, snapshotForm } from "./snapshot-form.ts";
import type { StoredJournal } from "./stored-runs.ts";
import { type AnyOrchestration, versionOf } from "./version-of.ts";

/** Makes a run of records, from where it was before them. */
export type RestoredFold = (counted: Counted, from: Folded) => Folded;

/** The snapshots of one store. */
export class Snapshots {
  readonly #store: JournalStore;
  readonly #codec: Codec;

  constructor(store: JournalStore, codec: Codec) {
    this.#store = store;
    this.#codec = codec;
  }

  /** Reads a run by its snapshot and the records after that; `undefined` where it has to be read from its beginning. */
  async find(
    orchestration: AnyOrchestration,
    stored: StoredRun,
    fold: RestoredFold,
  ): Promise<StoredJournal | undefined> {
    try {
      const text = await this.#store.snapshot?.(stored.runId);
      const found = text && readSnapshot(text, versionOf(orchestration));
      if (!found) return undefined;
      const { form, records, last, parts } = found;
      const restored = (): Folded => restoredRun(form, orchestration, this.#codec);
      const known = new KnownParts(form as unknown as Json, parts ?? []);
      return await this.#after(stored, records, last, restored, fold, known);
    } catch {
      // Whatever is wrong is told by who reads all of it.
      return undefined;
    }
  }

  /** Reads a run that was read when it had fewer records, which changes what was read; `undefined` as in `find`. */
  async onward(
    stored: StoredRun,
    { records, counted, folded, base, count, parts = counted?.parts }: StoredJournal,
    fold: RestoredFold,
  ): Promise<StoredJournal | undefined> {
    const last = records.at(-1);
    if (last === undefined || counted?.numbers !== undefined || endsWithParts(records)) return undefined;
    try {
      const read = await this.#after(stored, count, lastSum(last), () => folded, fold);
      return read && { ...read, base, ...given({ parts }) };
    } catch {
      return undefined;
    }
  }

  /** Reads the records after number `base`, whose checksum is known; `known` are parts that stand before them. */
  async #after(
    stored: StoredRun,
    base: number,
    sum: number,
    before: () => Folded,
    fold: RestoredFold,
    known?: KnownParts,
  ): Promise<StoredJournal | undefined> {
    const records = (await this.#store.load(stored.runId, base)) ?? [];
    const [last, ...tail] = records;
    if (last === undefined || lastSum(last) !== sum) return undefined;
    // What they take back stands before these.
    if (tail.some(({ type }) => type === "retried" || type === "migrated")) return undefined;
    const hasParts = tail.some(mayHaveParts);
    if (hasParts && known === undefined) return undefined;
    const parts = new PartReader(records, base, known);
    // What they refer to may stand before these too, and not be known: then this throws.
    if (hasParts) parts.teach(new PartWriter(this.#codec));
    const numbers = tail.map((_, index) => base + 1 + index);
    const folded = tail.length === 0 ? before() : fold({ records: tail, numbers, parts }, before());
    return { stored, records, base, parts, folded, count: base + tail.length };
  }

  /**
   * Keeps a snapshot of a run as it was read, and gives its length; `undefined` where it has none. One with large parts is kept
   * up to so many characters a record: a longer one takes longer to read than the records.
   */
  async keep(
    orchestration: AnyOrchestration,
    read: StoredJournal,
    charactersEach: number,
  ): Promise<number | undefined> {
    const { records, folded, count, stored } = read;
    const last = records.at(-1);
    if (last === undefined) return undefined;
    const form = snapshotForm(folded, this.#codec);
    if (form === undefined) return undefined;
    const parts = this.#partsIn(form, read);
    const text = snapshotText({ form, records: count, last: lastSum(last), parts }, versionOf(orchestration));
    if (parts.length > 0 && text.length > charactersEach * count) return undefined;
    await this.#store.putSnapshot?.(stored.runId, text);
    return text.length;
  }

  /** The parts in a form that who goes on with all records would know. */
  #partsIn(form: SnapshotForm, { counted, parts = counted?.parts }: StoredJournal): readonly KeptPart[] {
    const writer = new PartWriter(this.#codec);
    parts?.teach(writer);
    return [...writer.placesIn(form as unknown as Json)];
  }
}
