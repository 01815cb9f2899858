/** A server over stdio that knows only the protocol of 2026: `node mcp-newest.ts`. */
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

serveStdio(
  () => {
    const server = new McpServer({ name: "newest", version: "1" });
    server.registerTool("hi", { description: "Greets." }, () => ({
      content: [{ type: "text", text: "hi" }],
    }));
    return server;
  },
  { legacy: "reject" },
);
