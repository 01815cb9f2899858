import { RunHeldError } from "../errors/run-held-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { JournalStore } from "./journal-store.ts";

/** Removes a run with all that belongs to it. @throws UnknownRunError; RunHeldError while a process drives it. */
export async function deleteRun(store: JournalStore, runId: string, clock: Clock): Promise<void> {
  const stored = await store.get(runId);
  const deleted = await store.delete(runId, clock.now());
  if (stored === undefined || deleted === "unknown") throw new UnknownRunError({ runId });
  if (deleted === "deleted") return;
  const { name = "another process", until = 0 } = stored.holder ?? {};
  throw new RunHeldError({ runId, holder: name, until });
}
