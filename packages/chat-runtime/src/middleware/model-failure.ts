/** Finds what a provider said in the errors around it. */
import type { ModelFailure } from "@orch/agents";
import { isOrchError } from "@orch/core";

/** The failure of a model that an error comes from; `undefined` when it comes from something else. */
export function modelFailureOf(thrown: unknown): ModelFailure | undefined {
  let at = thrown;
  for (let depth = 0; depth < 20 && isOrchError(at); depth++) {
    if (isOrchError(at, "ORCH_AGENT_STOPPED")) return modelFailure(at.facts.failure);
    at = at.cause;
  }
  return undefined;
}

function modelFailure(failure: object | undefined): ModelFailure | undefined {
  return failure !== undefined && "kind" in failure && "retryable" in failure
    ? (failure as ModelFailure)
    : undefined;
}
