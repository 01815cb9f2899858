import type { Orchestration } from "../define/orchestration.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { RecordedVersion } from "../words/migrate.ts";
import type { StoredRun } from "./journal-store.ts";
import { detailsOf } from "./record-codec.ts";
import { structureHash } from "./structure-hash.ts";

/** Any orchestration, for what does not look at its types. */
export type AnyOrchestration = Orchestration<never, unknown>;

const hashes = new WeakMap<AnyOrchestration, string>();

/** The present form of a definition. */
export function versionOf(orchestration: AnyOrchestration): RecordedVersion {
  let hash = hashes.get(orchestration);
  if (hash === undefined) {
    hash = structureHash(orchestration.graph);
    hashes.set(orchestration, hash);
  }
  return { version: orchestration.version, hash };
}

/** The form the records are for: that of the last migration, or of the start. */
export function versionOfRecords(records: readonly JournalRecord[], stored: StoredRun): RecordedVersion {
  const migrated = records.findLast(({ type }) => type === "migrated");
  return detailsOf(migrated?.more).v ?? { version: stored.version, hash: stored.hash };
}
