import { OrchError } from "@orch/core";

/** Which question was asked for, and which one may have been meant. */
export interface QuestionMissingFacts {
  readonly question: string;
  readonly nearest?: string;
  /** Those that it may stand for, when it stands for more than one. */
  readonly several?: readonly string[];
  /** How many questions wait. */
  readonly open: number;
}

/** Nothing of that name waits for an answer. */
export class QuestionMissingError extends OrchError<"ORCH_QUESTION_MISSING", QuestionMissingFacts> {
  constructor(facts: QuestionMissingFacts) {
    const { question, nearest, several, open } = facts;
    const meant = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    const says =
      several === undefined
        ? `No question "${question}" waits in this folder.${meant}`
        : `"${question}" stands for ${several.length} questions: ${several.join(", ")}.`;
    const fix =
      open === 0
        ? "Nothing waits here: it was answered or closed, or its run has ended; see orch runs --all."
        : "See orch inbox for those that wait.";
    super("ORCH_QUESTION_MISSING", facts, { says, fix });
  }
}
