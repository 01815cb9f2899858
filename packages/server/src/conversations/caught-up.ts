/** Whether all that led to where a turn is now was told, so that whoever asks at one moment is told the same. */
import { isOrchError } from "@orch/core";
import type { ServedHost } from "../runs/driven-runs.ts";
import type { TurnLog } from "./turn-log.ts";

/** Where the run of a turn is: what it asks, whether it rests, whether it has ended. */
export interface RunStanding {
  readonly questions: readonly string[];
  readonly isWaiting: boolean;
  readonly isOver: boolean;
}

const AT_WORK: RunStanding = { questions: [], isWaiting: false, isOver: false };

/** Where a run is. A turn without one, or whose run has not begun, is at work. */
export async function runStanding(runId: string, host: Pick<ServedHost, "run">): Promise<RunStanding> {
  try {
    const { status, questions } = await host.run(runId).describe();
    const isOpen = ["running", "waiting", "queued", "paused"].includes(status);
    return { questions: questions.map(({ id }) => id), isWaiting: status === "waiting", isOver: !isOpen };
  } catch (error) {
    if (isOrchError(error)) return AT_WORK;
    throw error;
  }
}

/**
 * Resolves when the log of a turn has told of every question that is open now, of the rest of the run where it rests, and of its end
 * where it has ended. A turn that was just taken up is told anew, from `log.left`; of one that goes on all was told before.
 */
export async function caughtUp(log: TurnLog, host: Pick<ServedHost, "run">): Promise<void> {
  if (log.left !== undefined) await log.toldOf(log.left);
  if (!log.isOver) await log.toldOf(await runStanding(log.turn, host));
}
