import { OrchError } from "./orch-error.ts";

/** Which answer, and which version has no question for it. */
export interface UnusedAnswerFacts {
  readonly runId: string;
  readonly question: string;
  readonly orchestration: string;
  readonly version: string;
}

/** An answer was given, or is kept, for a state that asks nothing in this version of the definition. */
export class UnusedAnswerError extends OrchError<"ORCH_UNUSED_ANSWER", UnusedAnswerFacts> {
  constructor(facts: UnusedAnswerFacts) {
    super("ORCH_UNUSED_ANSWER", facts, {
      says: `Version "${facts.version}" of "${facts.orchestration}" asks no question "${facts.question}", so it cannot use the answer to it in the run "${facts.runId}".`,
      fix: "Answer and resume the run with a version that asks it, or resume it with this one and no answer.",
    });
  }
}
