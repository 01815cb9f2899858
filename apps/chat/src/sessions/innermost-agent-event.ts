import { type AgentEvent, agentEvents } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";

/** What an agent tells in an event of a turn; of an agent that is a tool of another one, what the inner one tells. */
export function innermostAgentEvent(event: ChatEvent): AgentEvent | undefined {
  let told = event.type === "state.output" ? agentEvents.of(event) : undefined;
  while (told?.type === "agent.nested") told = told.event;
  return told;
}
