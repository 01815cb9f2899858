import { retryWordsOf } from "../words/retry.ts";
import type { CoreErrorFacts } from "./error-facts.ts";
import { messageOf } from "./message-of.ts";
import { OrchError } from "./orch-error.ts";
import type { RunErrors } from "./spoken-errors.ts";

/** Makes an error without sentences: where it was and what led to it. Its page tells the rest. */
function short<TCode extends keyof CoreErrorFacts & string>(
  code: TCode,
  facts: object,
  cause?: unknown,
  failure?: unknown,
): OrchError<TCode> {
  const { path = code } = facts as { readonly path?: string };
  const says = cause === undefined ? path : `${path}: ${messageOf(cause)}`;
  const text = { says, fix: "Read its facts, and its page." };
  const error = new OrchError(code, facts as never, text, cause === undefined ? {} : { cause });
  return Object.assign(error, failure === undefined ? {} : retryWordsOf(failure)) as OrchError<TCode>;
}

/** The same codes and facts as {@link spokenErrors} has, in fewer bytes: without sentences and without `failure` among the facts. */
export const shortErrors: RunErrors = {
  condition: (facts, cause, failure) => short("ORCH_CONDITION", facts, cause, failure),
  conversion: (facts, cause, failure) => short("ORCH_CONVERSION", facts, cause, failure),
  deadline: (facts) => short("ORCH_DEADLINE", facts, undefined, FINAL),
  // The input may hold what a log must not.
  failed: ({ input, ...facts }, cause) =>
    short("ORCH_RUNNABLE_FAILED", Object.defineProperty(facts, "input", { value: input }), cause),
  invalidInput: (facts) => short("ORCH_INVALID_INPUT", facts, undefined, FINAL),
  invalidOutput: (facts) => short("ORCH_INVALID_OUTPUT", facts),
  maxSteps: (facts) => short("ORCH_MAX_STEPS", facts),
  maxVisits: (facts) => short("ORCH_MAX_VISITS", facts),
  noAdvance: (facts) => short("ORCH_NO_ADVANCE", facts),
  retryCondition: (facts, thrown, failure) => short("ORCH_RETRY_CONDITION", { ...facts, thrown }, failure),
  timeout: (facts) => short("ORCH_TIMEOUT", facts),
  tooLate: (facts) => short("ORCH_TOO_LATE", facts),
  undeclaredTarget: (facts) => short("ORCH_UNDECLARED_TARGET", facts),
};

/** No further attempt can change it. */
const FINAL = { retryable: false };
