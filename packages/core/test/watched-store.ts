import type { JournalStore } from "@orch/core/host";

/** A store, and how many records were read of it. */
export interface WatchedStore {
  readonly store: JournalStore;
  readonly read: () => number;
}

/** The same store, which counts the records that are read of it. */
export function watchedStore(store: JournalStore): WatchedStore {
  let read = 0;
  const load: JournalStore["load"] = async (...given) => {
    const records = await store.load(...given);
    read += records?.length ?? 0;
    return records;
  };
  return { store: { ...store, load }, read: () => read };
}
