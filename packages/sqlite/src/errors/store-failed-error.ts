import { OrchError } from "@orch/core";

/** A database file could not be opened, read or written. */
export class StoreFailedError extends OrchError<"ORCH_STORE_FAILED"> {
  /** Set where the disk has no room: a durable host pauses its runs until there is some. */
  declare readonly pauses?: "full";

  constructor(
    facts: { readonly file: string; readonly problem: string },
    options?: ErrorOptions & { readonly pauses?: "full" },
  ) {
    super(
      "ORCH_STORE_FAILED",
      facts,
      {
        says: `The database ${facts.file} failed: ${facts.problem}.`,
        fix: "Look at the disk's free space and at who may write to the folder.",
      },
      options,
    );
    if (options?.pauses !== undefined) this.pauses = options.pauses;
  }
}
