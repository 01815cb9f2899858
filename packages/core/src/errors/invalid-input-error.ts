import { describeIssues } from "../words/schema.ts";
import { OrchError } from "./orch-error.ts";
import type { SchemaFacts } from "./schema-facts.ts";

/** A runnable was given an input that its schema refuses. It is not tried again. */
export class InvalidInputError extends OrchError<"ORCH_INVALID_INPUT", SchemaFacts> {
  readonly retryable = false;

  constructor(
    facts: SchemaFacts,
    fix = "Correct the value that is passed in, or the conversion of the edge that leads here.",
  ) {
    super("ORCH_INVALID_INPUT", facts, {
      says: `The input of "${facts.runnable}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix,
    });
  }
}
