import { describeIssues } from "../words/schema.ts";
import { OrchError } from "./orch-error.ts";
import type { SchemaFacts } from "./schema-facts.ts";

/** A runnable gave an output that its schema refuses. */
export class InvalidOutputError extends OrchError<"ORCH_INVALID_OUTPUT", SchemaFacts> {
  constructor(
    facts: SchemaFacts,
    hasPolicy = false,
    fix = `Correct what it returns, or its schema; ${hasPolicy ? "more attempts help" : "a retry policy helps"} where a model wrote it.`,
  ) {
    super("ORCH_INVALID_OUTPUT", facts, {
      says: `The output of "${facts.runnable}" does not fit its schema: ${describeIssues(facts.issues)}.`,
      fix,
    });
  }
}
