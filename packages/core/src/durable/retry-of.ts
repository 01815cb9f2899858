import { RunStateError } from "../errors/run-state-error.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { Folded } from "./folded.ts";

/**
 * The record by which a run goes on at the activation that failed it.
 *
 * @throws RunStateError when the run has not failed, or failed before anything was committed.
 */
export function retryOf(folded: Folded, path: string, runId: string, at: number): JournalRecord {
  if (folded.failedAt === undefined) {
    const status = folded.run.ended?.kind ?? "running";
    throw new RunStateError(
      { runId, status },
      `The run "${runId}" has not failed: it is ${status}.`,
      status === "running" ? "Resume it with host.resume." : "Fork it to run a part of it again.",
    );
  }
  if (folded.failedAt === 1) {
    throw new RunStateError(
      { runId, status: "failed" },
      `The run "${runId}" failed before anything was committed, so there is nothing to go on from.`,
      "Mend the cause and start a new run with the same input.",
    );
  }
  return {
    type: "retried",
    at: at,
    path,
    value: JSON.stringify(folded.failedAt),
    more: JSON.stringify({ e: folded.events, o: 1 }),
  };
}
