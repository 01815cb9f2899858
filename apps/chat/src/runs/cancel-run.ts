/** `orch cancel`: ends a run for good, whoever drives it. */

import type { Clock } from "@orch/core";
import { isOrchError } from "@orch/core";
import type { AnsweredMessage, FolderRun, FolderRuns } from "./folder-runs.ts";

/** Resolves when the run has ended as cancelled. @throws RunEndedError (`ORCH_RUN_ENDED`) when it has ended otherwise. */
export async function cancelRun(run: FolderRun, runs: FolderRuns, clock: Clock): Promise<void> {
  await runs.host.run(run.run.runId).cancel("stopped by orch cancel");
  if (run.run.holder === undefined && run.answers !== undefined) await endTurn(run.answers, runs, clock);
}

/** A run that nobody drove leaves nobody who would write down that its turn has ended. */
async function endTurn(
  { session, turn }: AnsweredMessage,
  { store }: FolderRuns,
  clock: Clock,
): Promise<void> {
  if (turn.status !== "unfinished") return;
  const now = clock.now();
  try {
    await store.open(session.id, now);
    await store.finish(session.id, { ...turn, status: "cancelled", endedAt: now });
    await store.release(session.id);
  } catch (error) {
    // Who has the conversation open hears it when the turn is gone on with.
    if (!isOrchError(error, "ORCH_SESSION_HELD")) throw error;
  }
}
