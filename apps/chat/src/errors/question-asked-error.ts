import { OrchError } from "@orch/core";

/** The question and its prompt. */
export interface QuestionAskedFacts {
  readonly question: string;
  readonly prompt: string;
  /** What it is answered by from elsewhere; absent where its run is not kept. */
  readonly name?: string;
  /** Whether a client of `orch serve` started its run, which no conversation goes on with. */
  readonly typed?: boolean;
}

/** A run asks a question, and there is no person to ask here. */
export class QuestionAskedError extends OrchError<"ORCH_QUESTION_ASKED", QuestionAskedFacts> {
  constructor(facts: QuestionAskedFacts) {
    super("ORCH_QUESTION_ASKED", facts, {
      says: `The run asks a question, and nobody can answer it here: ${facts.prompt}`,
      fix:
        facts.name === undefined
          ? "Answer on a terminal, where orch -c goes on with a session that is kept, or let the orchestration do without the question."
          : `Answer it by orch answer ${facts.name} <value>${facts.typed === true ? "" : ", or on a terminal after orch -c"}; then orch attach goes on with it.`,
    });
  }
}
