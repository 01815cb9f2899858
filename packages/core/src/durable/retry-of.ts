import { RunStateError } from "../errors/run-state-error.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import { numberOf } from "./effective.ts";
import type { StoredJournal } from "./stored-runs.ts";

/**
 * The record by which a run goes on at the activation that failed it. It takes back the records from the failure on, unless
 * something completed beside it since: then it takes none back, and reopens what failed or was stopped.
 *
 * @throws RunStateError when the run has not failed, or failed before anything was committed.
 */
export function retryOf(
  { folded, counted, count }: Pick<StoredJournal, "folded" | "counted" | "count">,
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
  const committed = counted.records.flatMap(({ type }, index) =>
    type === "committed" ? [numberOf(counted, index)] : [],
  );
  // A state that completed, and that no edge took, is run again: then what it wrote is taken back.
  const keepsAll = !committed.includes(failedAt) && committed.some((number) => number > failedAt);
  return {
    type: "retried",
    at,
    path,
    value: JSON.stringify(keepsAll ? count + 1 : failedAt),
    more: JSON.stringify({ e: folded.events, o: keepsAll ? 2 : 1 }),
  };
}
