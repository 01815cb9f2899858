import { describeIssues, type SchemaIssue } from "../words/schema.ts";
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

/** An answer came for a question that has one. The first counts. */
export class AlreadyAnsweredError extends OrchError<
  "ORCH_ALREADY_ANSWERED",
  { readonly runId: string; readonly question: string }
> {
  constructor(facts: { readonly runId: string; readonly question: string }) {
    super("ORCH_ALREADY_ANSWERED", facts, {
      says: `The question "${facts.question}" of the run "${facts.runId}" has been answered already.`,
      fix: "Nothing to mend: the first answer counts, and this one changed nothing.",
    });
  }
}

/** What is wrong with an answer. */
export interface InvalidAnswerFacts {
  readonly runId: string;
  readonly question: string;
  readonly issues: readonly SchemaIssue[];
}

/** An answer does not fit the question's schema. The question stays open. */
export class InvalidAnswerError extends OrchError<"ORCH_INVALID_ANSWER", InvalidAnswerFacts> {
  constructor(facts: InvalidAnswerFacts) {
    super("ORCH_INVALID_ANSWER", facts, {
      says: `The answer to "${facts.question}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix: "Answer again with a value that fits; the question is still open.",
    });
  }
}
