import { describeIssues, type SchemaIssue } from "../words/schema.ts";
import { OrchError } from "./orch-error.ts";

/** Which signal, and what is wrong with its value. */
export interface InvalidSignalFacts {
  readonly runId: string;
  readonly signal: string;
  readonly issues: readonly SchemaIssue[];
}

/** The value of a signal does not fit the schema of its kind. */
export class InvalidSignalError extends OrchError<"ORCH_INVALID_SIGNAL", InvalidSignalFacts> {
  constructor(facts: InvalidSignalFacts) {
    super("ORCH_INVALID_SIGNAL", facts, {
      says: `The value of the signal "${facts.signal}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix: "Send a value that fits; the run has not received this one.",
    });
  }
}
