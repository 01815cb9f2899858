import { OrchError } from "./orch-error.ts";

/** Which orchestration had no time left. */
export interface DeadlineFacts {
  readonly orchestration: string;
  readonly path: string;
  /** In milliseconds. */
  readonly deadline: number;
}

/** An orchestration did not finish within its deadline. */
export class DeadlineError extends OrchError<"ORCH_DEADLINE", DeadlineFacts> {
  readonly retryable = false;

  constructor(facts: DeadlineFacts) {
    super("ORCH_DEADLINE", facts, {
      says: `"${facts.orchestration}" did not finish within its deadline of ${facts.deadline} ms.`,
      fix: "Raise the deadline or give slow runnables a timeout; if the flow can go on without it, add a .catch edge.",
    });
  }
}
