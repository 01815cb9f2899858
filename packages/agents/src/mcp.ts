/** Tools of MCP servers, through the official client `@modelcontextprotocol/client`. */
export { connectMcp, type McpServer, withMcp } from "./tools/mcp/connect-mcp.ts";
export type { ElicitationPrompt } from "./tools/mcp/elicitation.ts";
export { fileLogins } from "./tools/mcp/file-logins.ts";
export type {
  McpHttpConfig,
  McpLogEntry,
  McpOptions,
  McpServerConfig,
  McpServerOptions,
  McpStdioConfig,
  McpToolInfo,
} from "./tools/mcp/mcp-config.ts";
export type { KeptLogin, McpLogin, McpLoginRequest, McpLoginStore } from "./tools/mcp/mcp-login.ts";
export type { McpPrompt, McpPromptMessage, McpPrompts } from "./tools/mcp/mcp-prompts.ts";
export type { McpResource, McpResources, McpResourceTemplate } from "./tools/mcp/mcp-resources.ts";
export type { McpCallOptions, McpCallResult } from "./tools/mcp/program-call.ts";
