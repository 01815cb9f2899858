/** An MCP server that says odd things, in the process of the test. */
import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const good = {
  name: "good",
  description: "fine",
  inputSchema: { type: "object" as const, properties: {} },
  annotations: { readOnlyHint: true },
};
const two = { ...good, name: "two" };
const dangling = { type: "object" as const, properties: { s: { $ref: "#/$defs/ScreenInstance" } } };
const numbers = { type: "object" as const, properties: { n: { type: "number" } }, required: ["n"] };
let pages = 0;

/** What it answers to `tools/list`, by scene; not all of it is in the protocol's form. */
function listed(scene: string, cursor: string | undefined): object {
  switch (scene) {
    case "stuck-cursor":
      return { tools: [good, two], nextCursor: "same" };
    case "circling-cursors":
      return cursor === "a" ? { tools: [two], nextCursor: "b" } : { tools: [good], nextCursor: "a" };
    case "ever-new-cursors":
      return { tools: [good, two], nextCursor: `page ${++pages}` };
    case "pages":
      return cursor === undefined ? { tools: [good], nextCursor: "2" } : { tools: [two] };
    case "bad-output-schema":
      return { tools: [good, { ...two, outputSchema: dangling }] };
    case "odd-output-schemas":
      return {
        tools: [
          { ...good, outputSchema: { type: "string" } },
          { ...two, outputSchema: { type: "object", properties: 5 } },
        ],
      };
    case "bad-input-schema":
      return {
        tools: [
          good,
          { ...two, inputSchema: { type: "string" } },
          { name: 7 },
          null,
          { ...two, name: "ref", inputSchema: dangling },
        ],
      };
    case "no-list":
      return { tools: "none" };
    case "other-form":
      return { tools: [{ ...good, outputSchema: numbers }] };
    default:
      return { tools: [good] };
  }
}

const items = { items: [{ id: "p1" }, { id: "p2" }] };
const text = (value: string) => ({ type: "text" as const, text: value });

/** What a call gives, by scene. */
const results: { readonly [scene: string]: object } = {
  structured: { content: [text("list_projects returned 2 item(s).")], structuredContent: items },
  twice: { content: [text(JSON.stringify(items, null, 2))], structuredContent: items },
  wrapped: { content: [text("plain")], structuredContent: { result: "plain" } },
  list: {
    content: [text('{"id":1}'), text('{"id":2}')],
    structuredContent: { result: [{ id: 1 }, { id: 2 }] },
  },
  pictures: {
    content: [text("A picture."), { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" }],
    structuredContent: { width: 3 },
  },
  failed: { content: [text("no such project")], structuredContent: { code: "E7" }, isError: true },
  "other-form": { content: [text("seven")], structuredContent: { n: "seven" } },
};

/** Tells of a step; `undefined` is the end of the call. */
export type Step = (step: number | undefined) => void;

/** Serves a scene over HTTP. A call in the scene `steps` is handed to `called`, which tells of its progress and ends it. */
export function labServer(scene: string, called: (step: Step) => void = () => {}): RequestListener {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return async (request, response) => {
    const known = sessions.get(String(request.headers["mcp-session-id"]));
    if (known !== undefined) return known.handleRequest(request, response);
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new Server(
      { name: "lab", version: "1" },
      { capabilities: { tools: { listChanged: true } } },
    );
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => listed(scene, params?.cursor));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendNotification }) => {
      if (scene !== "steps") return results[scene] ?? { content: [text("ok")] };
      const progressToken = params._meta?.progressToken ?? 0;
      await new Promise<void>((end) =>
        called((progress) => {
          if (progress === undefined) return end();
          const told = { progressToken, progress, message: "step" };
          void sendNotification({ method: "notifications/progress", params: told });
        }),
      );
      return { content: [text("finished")] };
    });
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(request, response);
  };
}
