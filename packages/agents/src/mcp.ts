/** Tools of MCP servers, through the official client `@modelcontextprotocol/client`. */
export { connectMcp, type McpServer, withMcp } from "./tools/mcp/connect-mcp.ts";
export type {
  McpHttpConfig,
  McpOptions,
  McpServerConfig,
  McpServerOptions,
  McpStdioConfig,
  McpToolInfo,
} from "./tools/mcp/mcp-config.ts";
