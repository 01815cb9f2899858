/** The door to agents that work together: one hands the conversation to another, or calls it as a tool. */
export { type AgentToolOptions, asTool } from "./agent-tool.ts";
export { lastTurns, withoutToolCalls } from "./handoff/filters.ts";
export {
  type Handoff,
  type HandoffFilter,
  type HandoffOptions,
  type HandoffTarget,
  type HandoffTargets,
  handoff,
} from "./handoff/handoff.ts";
