/** The failure of a call that its caller cancelled. */
import type { ModelFailure } from "../words/model.ts";

/** The caller's signal was aborted. */
export function abortedFailure(provider: string): ModelFailure {
  return { kind: "aborted", message: `The call to ${provider} was cancelled.`, retryable: false };
}
