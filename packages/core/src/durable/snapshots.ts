/** The snapshots in a store: how a run is read by one, and how one is kept. */

import type { Codec } from "./codec.ts";
import type { Counted } from "./effective.ts";
import type { Folded } from "./folded.ts";
import type { JournalStore, StoredRun } from "./journal-store.ts";
import { endsWithParts, mayHaveParts } from "./part-reader.ts";
import { restoredRun } from "./restored-run.ts";
import { lastSum, readSnapshot, snapshotText } from "./snapshot.ts";
import { snapshotForm } from "./snapshot-form.ts";
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
      const restored = (): Folded => restoredRun(found.form, orchestration, this.#codec);
      return await this.#after(stored, found.records, found.last, restored, fold);
    } catch {
      // Whatever is wrong is told by who reads all of it.
      return undefined;
    }
  }

  /** Reads a run that was read when it had fewer records, which changes what was read; `undefined` as in `find`. */
  async onward(
    stored: StoredRun,
    { records, counted, folded, base, count }: StoredJournal,
    fold: RestoredFold,
  ): Promise<StoredJournal | undefined> {
    const last = records.at(-1);
    if (last === undefined || counted?.numbers !== undefined || endsWithParts(records)) return undefined;
    try {
      const read = await this.#after(stored, count, lastSum(last), () => folded, fold);
      return read && { ...read, base };
    } catch {
      return undefined;
    }
  }

  /** Reads the records after number `base`, whose checksum is known. */
  async #after(
    stored: StoredRun,
    base: number,
    sum: number,
    before: () => Folded,
    fold: RestoredFold,
  ): Promise<StoredJournal | undefined> {
    const records = (await this.#store.load(stored.runId, base)) ?? [];
    const [last, ...tail] = records;
    if (last === undefined || lastSum(last) !== sum) return undefined;
    // What they refer to, or what they take back, may stand before these.
    if (tail.some((one) => one.type === "retried" || one.type === "migrated" || mayHaveParts(one)))
      return undefined;
    const numbers = tail.map((_, index) => base + 1 + index);
    const folded = tail.length === 0 ? before() : fold({ records: tail, numbers }, before());
    return { stored, records, base, folded, count: base + tail.length };
  }

  /** Keeps a snapshot of a run as it was read, and gives its length; `undefined` where it has none. */
  async keep(orchestration: AnyOrchestration, read: StoredJournal): Promise<number | undefined> {
    const { records, folded, count, counted, stored } = read;
    const last = records.at(-1);
    // A journal with records that do not count, or in another form, is read from its beginning.
    if (last === undefined || counted?.numbers !== undefined || endsWithParts(records)) return undefined;
    const form = snapshotForm(folded, this.#codec);
    if (form === undefined) return undefined;
    const text = snapshotText({ form, records: count, last: lastSum(last) }, versionOf(orchestration));
    await this.#store.putSnapshot?.(stored.runId, text);
    return text.length;
  }
}
