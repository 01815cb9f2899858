import type { JournalStore } from "@orch/core/host";

/** A store of runs to be tried, and how to reach what it keeps a second time. */
export interface StoreUnderTest {
  readonly store: JournalStore;
  /** Another store on the same data, as another process would make it. Absent where nothing outlives the store. */
  readonly another?: () => JournalStore | Promise<JournalStore>;
  /** Called after the test; the store and the others are closed by then. */
  readonly cleanUp?: () => void | Promise<void>;
}
