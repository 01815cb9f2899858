import { OrchError } from "./orch-error.ts";

/**
 * Throw it in a runnable to say that no further attempt can help.
 *
 * @example
 * ```ts
 * throw new FatalError("The account is closed.", { cause: error });
 * ```
 */
export class FatalError extends OrchError<"ORCH_FATAL"> {
  readonly retryable = false;

  constructor(reason: string, options?: ErrorOptions) {
    super(
      "ORCH_FATAL",
      { reason },
      { says: reason, fix: "Change what it names: trying again cannot help." },
      options,
    );
  }
}
