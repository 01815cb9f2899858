/** An MCP server of 2026 that wants to know something in the middle of a call. */
import type { RequestListener } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, inputRequired, McpServer } from "@modelcontextprotocol/server";

const FORM = {
  type: "object" as const,
  properties: { city: { type: "string" as const, description: "Where to" } },
  required: ["city"],
};

/** Serves the tool `book`, which asks for a city; `called` is told of each call, with what was answered until then. */
export function bookingServer(called: (answer: unknown) => void): RequestListener {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "travel", version: "1" });
    server.registerTool("book", { description: "Books." }, (ctx) => {
      const answer = ctx.mcpReq.inputResponses?.["where"];
      called(answer);
      if (answer !== undefined) return { content: [{ type: "text" as const, text: JSON.stringify(answer) }] };
      const message = "Where do you want to go?";
      return inputRequired({
        inputRequests: { where: inputRequired.elicit({ message, requestedSchema: FORM }) },
      });
    });
    return server;
  });
  return toNodeHandler(handler) as RequestListener;
}
