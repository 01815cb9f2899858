import type { Orchestration } from "../define/orchestration.ts";
import type { RecordedVersion } from "../words/migrate.ts";
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
