import type { JournalStore } from "./journal-store.ts";
import type { UndecidedRequests } from "./stored-request.ts";

/** The requests of a run that are not decided, from a store that may have no quick way to them. */
export async function undecidedRequests(
  store: Pick<JournalStore, "requests" | "undecided">,
  runId: string,
): Promise<UndecidedRequests> {
  if (store.undecided !== undefined) return store.undecided(runId);
  const all = await store.requests(runId);
  const requests = all.filter(({ state }) => state === "open" || state === "kept");
  return { requests, made: all.length };
}
