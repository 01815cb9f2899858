import { OrchError } from "./orch-error.ts";

/** What else a `FatalError` tells. */
export interface FatalErrorOptions extends ErrorOptions {
  /** The way out, for developers, as a sentence in the imperative. */
  readonly fix?: string;
  /** `false`: it concerns this one item alone, so a fan-out around it goes on. Default: a fan-out starts nothing more. */
  readonly terminal?: boolean;
}

/**
 * Throw it in a runnable to say that no further attempt can help. Its message is `reason` alone, which you may show to
 * whoever you want; advice for developers stands in `fix`.
 *
 * @example
 * ```ts
 * throw new FatalError("The account is closed.", { cause: error });
 * ```
 */
export class FatalError extends OrchError<"ORCH_FATAL"> {
  readonly retryable = false;
  /** Whether other work will meet it too; absent when it was not said. */
  readonly terminal?: boolean;

  constructor(reason: string, options?: FatalErrorOptions) {
    const fix = options?.fix ?? "Change what it names: trying again cannot help.";
    super("ORCH_FATAL", { reason }, { says: reason, fix }, options);
    if (options?.terminal !== undefined) this.terminal = options.terminal;
  }
}
