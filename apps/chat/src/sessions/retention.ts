/** Deletes conversations that were not used for a long time, where the user wants that. */
import type { SessionStore } from "@orch/chat-runtime";

const DAY = 24 * 60 * 60_000;

/**
 * Deletes the sessions of a store that were not used for `days` days and that no process has open, and those of yesterday in
 * which nothing was ever kept, because their program was killed; gives how many.
 */
export async function deleteUnused(store: SessionStore, days: number, now: number): Promise<number> {
  const old = (await store.list()).filter(
    ({ updatedAt, heldBy, turnCount }) =>
      heldBy === undefined && updatedAt < now - (turnCount === 0 ? Math.min(1, days) : days) * DAY,
  );
  // Another process may have opened or deleted one meanwhile: then it stays as that one wants it.
  const ends = await Promise.allSettled(old.map(({ id }) => store.remove(id)));
  return ends.filter(({ status }) => status === "fulfilled").length;
}
