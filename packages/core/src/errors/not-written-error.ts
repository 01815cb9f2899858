import type { EventError } from "../words/events.ts";
import { errorData } from "./error-data.ts";
import { messageOf } from "./message-of.ts";
import { isOrchError, OrchError } from "./orch-error.ts";

/** What could not be written. */
export interface NotWrittenFacts {
  readonly runId: string;
  /** All runs, when a host was closed while its store was locked or full, and how many records of each are not written. */
  readonly runs?: readonly { readonly runId: string; readonly records: number }[];
  /** What the run had failed with, when this could not be written. */
  readonly failure?: EventError;
}

/** A run could not write its records. */
export class NotWrittenError extends OrchError<"ORCH_NOT_WRITTEN", NotWrittenFacts> {
  readonly retryable = false;

  /** `ended` is how the run had ended, when that could not be written. */
  constructor(
    facts: NotWrittenFacts,
    cause: unknown,
    ended?: { readonly kind: string; readonly error?: Error },
  ) {
    const failure = ended?.kind === "failed" ? ended.error : undefined;
    const { runId, runs = [] } = facts;
    const named = runs.map((run) => `"${run.runId}" (${run.records} records)`).join(", ");
    const failed = failure === undefined ? "" : `. It had failed: ${messageOf(failure)}`;
    super(
      "ORCH_NOT_WRITTEN",
      failure === undefined ? facts : { ...facts, failure: errorData(failure) },
      {
        says:
          runs.length === 0
            ? `The run "${runId}" was stopped, because it could not be kept: ${messageOf(cause)}${failed}`
            : `The host was closed with runs of which not all is written: ${named}. ${messageOf(cause)}`,
        fix: `${isOrchError(cause) ? cause.fix : "Mend the cause (disk full, file gone, database locked)."} Then resume the run; it goes on from the last record that was written.`,
      },
      { cause },
    );
  }
}
