import { OrchError } from "@orch/core";

/** Another process kept the file locked for too long. */
export class StoreBusyError extends OrchError<"ORCH_STORE_BUSY"> {
  readonly retryable = true;
  /** A durable host pauses its runs until the file is free. */
  readonly pauses = "locked";

  constructor(facts: { readonly file: string }, options?: ErrorOptions) {
    super(
      "ORCH_STORE_BUSY",
      facts,
      {
        says: `The database ${facts.file} stayed locked by another process.`,
        fix: "Try again; if it lasts, look for a process that holds a transaction open.",
      },
      options,
    );
  }
}
