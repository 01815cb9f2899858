import { agentEvents } from "@orch/agents";
import type { OrchestrationEvent } from "@orch/core";
import { callEventOf } from "../rail/tool-calls.ts";

/** Text comes in thousands of pieces, and the state has all of it. */
export function isTextEvent(event: OrchestrationEvent): boolean {
  if (event.type !== "state.output") return false;
  const agent = agentEvents.of(event);
  return agent === undefined || (agent.type !== "agent.warning" && callEventOf(agent) === undefined);
}
