import { type AgentEvent, agentEvents } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";

/** What an agent left out of a request or changed in it, in a sentence; that of an agent inside another one's tool too. */
export function agentWarning(event: ChatEvent): string | undefined {
  const agent = event.type === "state.output" ? agentEvents.of(event) : undefined;
  const inner = agent && innermost(agent);
  return inner?.type === "agent.warning" ? inner.warning : undefined;
}

function innermost(event: AgentEvent): AgentEvent {
  return event.type === "agent.nested" ? innermost(event.event) : event;
}
