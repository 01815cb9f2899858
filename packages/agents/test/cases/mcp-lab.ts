/** An MCP server over stdio that says odd things: `node mcp-lab.ts <scene>`. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const scene = process.argv[2] ?? "";
const capabilities = { tools: { listChanged: true } };
const server = new Server({ name: "lab", version: "1" }, { capabilities });
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
function listed(cursor: string | undefined): object {
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

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

server.setRequestHandler(ListToolsRequestSchema, ({ params }) => listed(params?.cursor));
server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
  const progressToken = params._meta?.progressToken;
  const progress = async (step: number): Promise<void> => {
    if (progressToken === undefined) return;
    const told = { progressToken, progress: step, message: "step" };
    await extra.sendNotification({ method: "notifications/progress", params: told });
  };
  if (scene === "progress") {
    for (let step = 1; step <= 6; step++) {
      await wait(250);
      await progress(step);
    }
    return { content: [text("finished")] };
  }
  if (scene === "progress-for-ever" || scene === "progress-then-silence") {
    for (let step = 1; scene === "progress-for-ever" || step <= 2; step++) {
      await wait(100);
      await progress(step);
    }
    await new Promise(() => {});
  }
  return results[scene] ?? { content: [text("ok")] };
});
await server.connect(new StdioServerTransport());
