import { retryWordsOf } from "../words/retry.ts";
import { type ConversionFacts, thrownOnEdge, withFailure } from "./conversion-error.ts";
import { OrchError } from "./orch-error.ts";

/** The condition of an edge, or its choice of the next runnable, threw. */
export class ConditionError extends OrchError<"ORCH_CONDITION", ConversionFacts> {
  constructor(facts: ConversionFacts, cause: unknown, failure?: Error) {
    super(
      "ORCH_CONDITION",
      withFailure(facts, failure),
      {
        says: `The condition ${thrownOnEdge(facts, cause, failure)}`,
        fix: "Make the condition hold for every output of its runnable; what can fail or has to wait belongs in a runnable.",
      },
      { cause },
    );
    if (failure !== undefined) Object.assign(this, retryWordsOf(failure));
  }
}
