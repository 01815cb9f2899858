import { OrchError } from "@orch/core";

/** Which question an answer was for, and what fits it. */
export interface AnswerUnfitFacts {
  readonly question: string;
  /** For a reader, like `true or false`. */
  readonly wanted: string;
}

/** An answer does not fit the question that it was for, which stays open. */
export class AnswerUnfitError extends OrchError<"ORCH_ANSWER_UNFIT", AnswerUnfitFacts> {
  constructor(facts: AnswerUnfitFacts) {
    super("ORCH_ANSWER_UNFIT", facts, {
      says: "This does not fit what is asked, and the question stays open.",
      fix: `Answer with ${facts.wanted}.`,
    });
  }
}
