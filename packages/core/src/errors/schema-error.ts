import { describeIssues, type SchemaIssue } from "../words/schema.ts";
import { OrchError } from "./orch-error.ts";

/** Which runnable, which side of it, and what is wrong. */
export interface SchemaFacts {
  readonly runnable: string;
  readonly path: string;
  readonly issues: readonly SchemaIssue[];
}

/** A runnable was given an input that its schema refuses. It is not tried again. */
export class InvalidInputError extends OrchError<"ORCH_INVALID_INPUT", SchemaFacts> {
  readonly retryable = false;

  constructor(facts: SchemaFacts) {
    super("ORCH_INVALID_INPUT", facts, {
      says: `The input of "${facts.runnable}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix: "Correct the value that is passed in, or the conversion of the edge that leads here.",
    });
  }
}

/** A runnable gave an output that its schema refuses. */
export class InvalidOutputError extends OrchError<"ORCH_INVALID_OUTPUT", SchemaFacts> {
  constructor(facts: SchemaFacts) {
    super("ORCH_INVALID_OUTPUT", facts, {
      says: `The output of "${facts.runnable}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix: "Correct what it returns, or its schema; a retry policy helps where a model wrote it.",
    });
  }
}
