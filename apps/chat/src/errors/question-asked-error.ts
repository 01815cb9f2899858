import { OrchError } from "@orch/core";

/** The question and its prompt. */
export interface QuestionAskedFacts {
  readonly question: string;
  readonly prompt: string;
}

/** A run asks a question, and there is no person to ask here. */
export class QuestionAskedError extends OrchError<"ORCH_QUESTION_ASKED", QuestionAskedFacts> {
  constructor(facts: QuestionAskedFacts) {
    super("ORCH_QUESTION_ASKED", facts, {
      says: `The run asks a question, and nobody can answer it here: ${facts.prompt}`,
      fix: "Answer on a terminal, where orch -c goes on with a session that is kept, or let the orchestration do without the question.",
    });
  }
}
