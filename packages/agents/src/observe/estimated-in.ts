import type { AgentEvent } from "../words/events.ts";

/** The models whose usage an event tells as an estimate; the events of a run do not say which of its tokens are. */
export function estimatedIn(event: AgentEvent): readonly string[] {
  if (event.type === "agent.nested") return estimatedIn(event.event);
  if (event.type !== "agent.turn.completed" && event.type !== "agent.compacted") return [];
  return event.usage?.estimated && event.model !== undefined ? [event.model] : [];
}
