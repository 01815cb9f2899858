import { OrchError } from "./orch-error.ts";

/** Which state waits. */
export interface UnmetConditionFacts {
  readonly runnable: string;
  readonly path: string;
}

/** A state waits for a condition over shared state, and nothing is left in the run that could change it. */
export class UnmetConditionError extends OrchError<"ORCH_UNMET_CONDITION", UnmetConditionFacts> {
  constructor(facts: UnmetConditionFacts) {
    super("ORCH_UNMET_CONDITION", facts, {
      says: `"${facts.runnable}" waits for a condition over shared state, and nothing is left in the run that could make it hold.`,
      fix: "Give the wait a timeout or a signal, or let a branch beside it write what it waits for.",
    });
  }
}
