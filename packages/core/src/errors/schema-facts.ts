import type { SchemaIssue } from "../words/schema.ts";

/** Which runnable, which side of it, and what is wrong. */
export interface SchemaFacts {
  readonly runnable: string;
  readonly path: string;
  readonly issues: readonly SchemaIssue[];
}
