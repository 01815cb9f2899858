import type { EventError } from "../words/events.ts";
import { brief } from "./brief.ts";
import { errorData } from "./error-data.ts";
import { messageOf } from "./message-of.ts";
import { OrchError } from "./orch-error.ts";

/** The runnable whose retry policy threw, and what it threw. */
export interface RetryConditionFacts {
  readonly runnable: string;
  readonly path: string;
  /** The attempt that had failed, from 1. */
  readonly attempt: number;
  /** What `when` threw. */
  readonly thrown: EventError;
}

/** The `when` of a retry policy threw. What the attempt had failed with is the `cause`. */
export class RetryConditionError extends OrchError<"ORCH_RETRY_CONDITION", RetryConditionFacts> {
  constructor(facts: Omit<RetryConditionFacts, "thrown">, thrown: unknown, failure: unknown) {
    super(
      "ORCH_RETRY_CONDITION",
      { ...facts, thrown: errorData(thrown) },
      {
        says: `"when" of the retry policy of "${brief(facts.runnable)}" threw: ${messageOf(thrown)}. It was asked about this failure: ${messageOf(failure)}`,
        fix: "Make the condition hold for whatever may be thrown: it is given any value, not only an Error.",
      },
      { cause: failure },
    );
  }
}
