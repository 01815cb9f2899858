import { OrchError } from "./orch-error.ts";

/** A run was cancelled; inside a run, the reason of an aborted signal. It is never tried again. */
export class CancelledError extends OrchError<"ORCH_CANCELLED"> {
  readonly retryable = false;

  constructor(reason: string) {
    super(
      "ORCH_CANCELLED",
      { reason },
      {
        says: `Cancelled: ${reason}.`,
        fix: "Nothing to mend if you asked for it; start a new run to try again.",
      },
    );
  }
}
