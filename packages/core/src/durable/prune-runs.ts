import type { Clock } from "../platform/clock.ts";
import type { JournalStore, RunQuery } from "./journal-store.ts";

/** Removes runs that ended before a moment; gives how many. */
export async function pruneRuns(store: JournalStore, endedBefore: number, clock: Clock): Promise<number> {
  let count = 0;
  const query: RunQuery = {
    status: ["completed", "failed", "cancelled"],
    updatedBefore: endedBefore,
    limit: 500,
  };
  for (;;) {
    const batch = await store.list(query);
    let removed = 0;
    for (const { runId } of batch) {
      if ((await store.delete(runId, clock.now())) === "deleted") removed += 1;
    }
    count += removed;
    if (removed === 0) return count;
  }
}
