import { describeIssues, type SchemaIssue } from "../words/schema.ts";
import { OrchError } from "./orch-error.ts";

/** What is wrong with an answer. */
export interface InvalidAnswerFacts {
  readonly runId: string;
  readonly question: string;
  readonly issues: readonly SchemaIssue[];
}

/** An answer does not fit the question's schema. The question stays open; a fork that was to begin with it is not made. */
export class InvalidAnswerError extends OrchError<"ORCH_INVALID_ANSWER", InvalidAnswerFacts> {
  constructor(
    facts: InvalidAnswerFacts,
    fix = "Answer again with a value that fits; the question is still open.",
  ) {
    super("ORCH_INVALID_ANSWER", facts, {
      says: `The answer to "${facts.question}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix,
    });
  }
}
