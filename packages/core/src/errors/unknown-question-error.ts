import { OrchError } from "./orch-error.ts";

/** Which question, and which are open. */
export interface UnknownQuestionFacts {
  readonly runId: string;
  readonly question: string;
  /** The ids of the questions that can be answered now. */
  readonly open: readonly string[];
}

/** An answer came for a question that is not open. */
export class UnknownQuestionError extends OrchError<"ORCH_UNKNOWN_QUESTION", UnknownQuestionFacts> {
  constructor(facts: UnknownQuestionFacts) {
    const open = facts.open.map((id) => `"${id}"`).join(", ") || "none";
    super("ORCH_UNKNOWN_QUESTION", facts, {
      says: `The run "${facts.runId}" has no open question "${facts.question}" (open: ${open}).`,
      fix: "Take the id from question.asked, run.questions or host.questions(orchestration, runId), and answer while it is open.",
    });
  }
}
