import { describeIssues, type SchemaIssue } from "../words/schema.ts";
import { OrchError } from "./orch-error.ts";

/** The value of shared state, and the problem with the value that was written. */
export interface InvalidStateFacts {
  readonly state: string;
  readonly key: string;
  readonly issues: readonly SchemaIssue[];
}

/** A runnable wrote a value to shared state that its schema refuses. */
export class InvalidStateError extends OrchError<"ORCH_INVALID_STATE", InvalidStateFacts> {
  constructor(facts: InvalidStateFacts) {
    super("ORCH_INVALID_STATE", facts, {
      says: `What was written to "${facts.key}" of "${facts.state}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix: "Correct the value that is written, or the schema in sharedState(...).",
    });
  }
}
