import { OrchError } from "./orch-error.ts";

/** The operation that took too long, and its timeout. */
export interface TimeoutFacts {
  readonly runnable: string;
  readonly path: string;
  /** In milliseconds. */
  readonly timeout: number;
}

/** One attempt of a runnable took longer than its `timeout`. */
export class TimeoutError extends OrchError<"ORCH_TIMEOUT", TimeoutFacts> {
  constructor(facts: TimeoutFacts) {
    super("ORCH_TIMEOUT", facts, {
      says: `"${facts.runnable}" took longer than its timeout of ${facts.timeout} ms.`,
      fix: "Raise its timeout, or give it a retry policy if a second attempt may be faster.",
    });
  }
}
