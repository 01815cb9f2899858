/** Tools of MCP servers, through the official SDK `@modelcontextprotocol/sdk`. */
export { connectMcp, type McpServer, withMcp } from "./mcp/connect-mcp.ts";
export type {
  McpHttpConfig,
  McpOptions,
  McpServerConfig,
  McpServerOptions,
  McpStdioConfig,
  McpToolInfo,
} from "./mcp/mcp-config.ts";
