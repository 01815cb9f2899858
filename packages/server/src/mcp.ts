/** The door of the Model Context Protocol: each orchestration is a tool. */
export { type McpDoorOptions, mcp } from "./doors/mcp.ts";
export type { TaskSupport } from "./mcp/mcp-settings.ts";
export type {
  McpArgument,
  McpCaller,
  McpCompletion,
  McpContent,
  McpMessage,
  McpPrompt,
  McpPromptFacts,
  McpPromptText,
  McpRunPrompt,
  McpWrittenPrompt,
} from "./mcp/offered-prompt.ts";
export type { McpResource } from "./mcp/offered-resource.ts";
