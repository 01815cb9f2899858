import { OrchError } from "./orch-error.ts";

/** The operation that took too long, and its timeout. */
export interface TimeoutFacts {
  readonly runnable: string;
  readonly path: string;
  /** In milliseconds. */
  readonly timeout: number;
}

const FIX = {
  could: "Raise its timeout, or give it a retry policy if a second attempt may be faster.",
  has: "Raise its timeout, or the attempts of its retry policy if another may be faster.",
  never: "Raise its timeout, or add a .catch edge for the case that nobody answers.",
};

/** One attempt of a runnable took longer than its `timeout`. */
export class TimeoutError extends OrchError<"ORCH_TIMEOUT", TimeoutFacts> {
  /** `again` is how another attempt may come about: by a policy that it could be given, or has; `never` of a question. */
  constructor(facts: TimeoutFacts, again: "could" | "has" | "never" = "could") {
    super("ORCH_TIMEOUT", facts, {
      says: `"${facts.runnable}" took longer than its timeout of ${facts.timeout} ms.`,
      fix: FIX[again],
    });
  }
}
