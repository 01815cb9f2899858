import { RunStateError } from "../errors/run-state-error.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { StoredJournal } from "./stored-runs.ts";

/**
 * The record by which a run goes on where it failed or was stopped. It takes no record back: what completed beside the
 * failure stays, and so do values of `ctx.once` and answers.
 *
 * @throws RunStateError when the run has not failed, or failed before anything was committed.
 */
export function retryOf(
  { folded, count }: Pick<StoredJournal, "folded" | "count">,
  path: string,
  runId: string,
  at: number,
): JournalRecord {
  const { failedAt } = folded;
  if (failedAt === undefined) {
    const status = folded.run.ended?.kind ?? "running";
    throw new RunStateError(
      { runId, status },
      `The run "${runId}" has not failed: it is ${status}.`,
      status === "running" ? "Resume it with host.resume." : "Fork it to run a part of it again.",
    );
  }
  if (failedAt === 1) {
    throw new RunStateError(
      { runId, status: "failed" },
      `The run "${runId}" failed before anything was committed, so there is nothing to go on from.`,
      "Mend the cause and start a new run with the same input.",
    );
  }
  return {
    type: "retried",
    at,
    path,
    value: JSON.stringify(count + 1),
    more: JSON.stringify({ e: folded.events, o: 2 }),
  };
}
