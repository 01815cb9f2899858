/** The door to agents that work together: one hands the conversation to another, or calls it as a tool. */

export { lastTurns, withoutToolCalls } from "./agent/handoff/filters.ts";
export {
  type Handoff,
  type HandoffFilter,
  type HandoffOptions,
  type HandoffTarget,
  type HandoffTargets,
  handoff,
} from "./agent/handoff/handoff.ts";
export { type AgentToolOptions, asTool } from "./run/agent-tool.ts";
