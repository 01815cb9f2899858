import { OrchError } from "@orch/core";

/** Which question was asked for, and which one may have been meant. */
export interface QuestionMissingFacts {
  readonly question: string;
  readonly nearest?: string;
  /** Those that it may stand for, when it stands for more than one. */
  readonly several?: readonly string[];
  /** Whether it was listed by that number, and is closed since. */
  readonly gone?: boolean;
  /** How many questions wait. */
  readonly open: number;
}

/** Nothing of that name waits for an answer. */
export class QuestionMissingError extends OrchError<"ORCH_QUESTION_MISSING", QuestionMissingFacts> {
  constructor(facts: QuestionMissingFacts) {
    const { question, nearest, several, open, gone = false } = facts;
    const meant = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    const none = gone
      ? `Question ${question} of the inbox waits no more.`
      : `No question "${question}" waits in this folder.${meant}`;
    const says =
      several === undefined
        ? none
        : `"${question}" stands for ${several.length} questions: ${several.join(", ")}.`;
    const fix =
      open === 0
        ? "Nothing waits here: it was answered or closed, or its run has ended; see orch runs --all."
        : "See orch inbox for those that wait.";
    super("ORCH_QUESTION_MISSING", facts, { says, fix });
  }
}
