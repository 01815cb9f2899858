/** Errors of agents, without the state of ours around them. */
import { isOrchError } from "@orch/core";

/** What went wrong in the agent: the reader of the error wants to know that. */
export function stoppedAgentOf(error: unknown): unknown {
  return isOrchError(error, "ORCH_RUNNABLE_FAILED") && isOrchError(error.cause) ? error.cause : error;
}
