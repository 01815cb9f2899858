/** An MCP server made with the official SDK: notes that can be searched, one of the two ways very slowly. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "notes", version: "1.0.0" });
const readsOnly = { inputSchema: { query: z.string() }, annotations: { readOnlyHint: true } };

server.registerTool("search", { description: "Searches the notes.", ...readsOnly }, ({ query }) => ({
  content: [{ type: "text", text: `One note says: ${query} is best fresh.` }],
}));

server.registerTool(
  "deep_search",
  { description: "Searches for ever.", ...readsOnly },
  async (_input, extra) => {
    const progressToken = extra._meta?.progressToken;
    if (progressToken !== undefined) {
      const params = { progressToken, progress: 0, message: String(process.pid) };
      await extra.sendNotification({ method: "notifications/progress", params });
    }
    return new Promise(() => {});
  },
);

await server.connect(new StdioServerTransport());
