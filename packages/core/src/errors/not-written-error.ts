import { messageOf } from "./message-of.ts";
import { isOrchError, OrchError } from "./orch-error.ts";

/** What could not be written. */
export interface NotWrittenFacts {
  readonly runId: string;
  /** All runs, when a host was closed while its store was locked or full, and how many records of each are not written. */
  readonly runs?: readonly { readonly runId: string; readonly records: number }[];
}

/** A run could not write its records. */
export class NotWrittenError extends OrchError<"ORCH_NOT_WRITTEN", NotWrittenFacts> {
  readonly retryable = false;

  constructor(facts: NotWrittenFacts, cause: unknown) {
    const { runId, runs = [] } = facts;
    const named = runs.map((run) => `"${run.runId}" (${run.records} records)`).join(", ");
    super(
      "ORCH_NOT_WRITTEN",
      facts,
      {
        says:
          runs.length === 0
            ? `The run "${runId}" was stopped, because it could not be kept: ${messageOf(cause)}`
            : `The host was closed with runs of which not all is written: ${named}. ${messageOf(cause)}`,
        fix: `${isOrchError(cause) ? cause.fix : "Mend the cause (disk full, file gone, database locked)."} Then resume the run; it goes on from the last record that was written.`,
      },
      { cause },
    );
  }
}
