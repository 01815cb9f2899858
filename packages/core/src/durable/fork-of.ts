import { RunStateError } from "../errors/run-state-error.ts";
import type { JournalRecord } from "../words/journal-record.ts";
import type { ForkOptions, ResumeOptions } from "./durable-host-options.ts";
import type { TakenUp } from "./durable-run.ts";
import { type Counted, numberOf } from "./effective.ts";

/** What a fork takes over of the run that it comes from. */
export interface Fork {
  readonly prefix: readonly JournalRecord[];
  /** The number of the record of the state where it begins. */
  readonly record: number;
  /** A result that takes the place of the recorded one. */
  readonly arrival: TakenUp["arrival"];
  readonly rest: ResumeOptions;
}

/**
 * Cuts a journal for a fork.
 *
 * @throws RunStateError when the state where it begins was not committed.
 */
export function forkOf(source: Counted, runId: string, options: ForkOptions): Fork {
  const { after, before, output, runId: _newRunId, ...rest } = options;
  const path = after ?? before ?? "";
  const place = source.records.findIndex(
    ({ type, path: of }) => of === path && (type === "committed" || type === "failed"),
  );
  if (place === -1) throw noSuchState(runId, path);
  const replaces = after !== undefined && "output" in options;
  const reruns = after === undefined || replaces;
  const prefix = source.records
    .slice(0, reruns ? place : place + 1)
    // Notes of a state that runs again belong to the original run.
    .filter((record) => record.type !== "retried" && (!reruns || record.path !== path));
  const arrival = replaces ? { path, value: output } : undefined;
  return { prefix, record: numberOf(source, place), arrival, rest };
}

function noSuchState(runId: string, path: string): Error {
  return new RunStateError(
    { runId, status: "no such state" },
    `The run "${runId}" has committed no state of the path "${path}".`,
    "Take a path from the events of the run (host.events), like the path of state.completed.",
  );
}
