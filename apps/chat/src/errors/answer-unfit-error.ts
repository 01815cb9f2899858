import { OrchError } from "@orch/core";

/** Which question an answer was for, and what fits it. */
export interface AnswerUnfitFacts {
  /** Its name in `orch inbox`. */
  readonly question: string;
  /** For a reader, like `true or false`. */
  readonly wanted: string;
  /** What is wrong, where the question said it. */
  readonly problem?: string;
}

/** An answer does not fit the question that it was for, which stays open. */
export class AnswerUnfitError extends OrchError<"ORCH_ANSWER_UNFIT", AnswerUnfitFacts> {
  constructor(facts: AnswerUnfitFacts, options?: ErrorOptions) {
    const { question, wanted, problem } = facts;
    const reason = problem === undefined ? "" : `: ${problem}`;
    const text = {
      says: `This does not fit question ${question}${reason}. It stays open.`,
      fix: `Answer with ${wanted}.`,
    };
    super("ORCH_ANSWER_UNFIT", facts, text, options);
  }
}
