import { messageOf } from "./message-of.ts";
import { isOrchError, OrchError } from "./orch-error.ts";

/** A run could not write its records. */
export class NotWrittenError extends OrchError<"ORCH_NOT_WRITTEN"> {
  readonly retryable = false;

  constructor(facts: { readonly runId: string }, cause: unknown) {
    super(
      "ORCH_NOT_WRITTEN",
      facts,
      {
        says: `The run "${facts.runId}" was stopped, because it could not be kept: ${messageOf(cause)}`,
        fix: `${isOrchError(cause) ? cause.fix : "Mend the cause (disk full, file gone, database locked)."} Then resume the run; it goes on from the last record that was written.`,
      },
      { cause },
    );
  }
}
