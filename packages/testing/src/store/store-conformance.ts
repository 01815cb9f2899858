/** What every store of runs does, as tests: one file of `promises` for each kind of promise. */
import { afterEach } from "vitest";
import { OpenedStores } from "./opened-stores.ts";
import { claimPromises } from "./promises/claims.ts";
import { journalPromises } from "./promises/journals.ts";
import { listPromises } from "./promises/listed-runs.ts";
import { requestPromises } from "./promises/requests.ts";
import { runPromises } from "./promises/runs.ts";
import { snapshotPromises } from "./promises/snapshots.ts";
import { wholePromises } from "./promises/whole-stores.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** How thoroughly a store is tried. */
export interface StoreConformanceOptions {
  /** How many random sequences of calls are compared with the model. Default 100. */
  readonly sequences?: number;
}

/**
 * Describes the tests that a `JournalStore` passes, in vitest. `make` gives a fresh, empty store each time.
 *
 * @example
 * ```ts
 * describe("memoryStore", () => storeConformance(() => ({ store: memoryStore() })));
 * ```
 */
export function storeConformance(
  make: () => StoreUnderTest | Promise<StoreUnderTest>,
  options: StoreConformanceOptions = {},
): void {
  const stores = new OpenedStores(make);
  afterEach(() => stores.close());
  runPromises(stores);
  journalPromises(stores);
  claimPromises(stores);
  listPromises(stores);
  requestPromises(stores);
  snapshotPromises(stores);
  wholePromises(stores, options.sequences ?? 100);
}
