/** The door of the Model Context Protocol: each orchestration is a tool. */
export { type McpDoorOptions, mcp } from "./doors/mcp.ts";
export type { TaskSupport } from "./mcp/mcp-settings.ts";
