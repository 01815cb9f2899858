import type { RequestListener } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  McpServer as OldServer,
  ResourceTemplate as OldTemplate,
} from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { SubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  createMcpHandler,
  McpServer as NewServer,
  ResourceTemplate as NewTemplate,
} from "@modelcontextprotocol/server";
import { scriptedModel, toolOutputs } from "@orch/testing";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { runAgent } from "../../src/run/runner.ts";
import { connectMcp, type McpServer } from "../../src/tools/mcp/connect-mcp.ts";
import type { McpOptions } from "../../src/tools/mcp/mcp-config.ts";
import { serve } from "./loopback.ts";

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

const ARGS = { file: z.string().describe("Which file") };

/** What both kinds of servers offer; their interfaces are the same as far as this goes. */
function offer(server: OldServer, template: OldTemplate, argsSchema: object, late: () => void): void {
  const notes = { description: "The notes.", mimeType: "text/plain" };
  server.registerResource("notes", "lab://notes", notes, ({ href: uri }) => ({
    contents: [
      { uri, text: "two lines\nof notes" },
      { uri, blob: "iVBORw0KGgo=", mimeType: "image/png" },
    ],
  }));
  server.registerResource("page", template, {}, (uri, { n }) => ({
    contents: [{ uri: uri.href, text: `page ${String(n)}` }],
  }));
  server.registerPrompt("review", { description: "Reviews.", argsSchema: argsSchema as never }, (({
    file,
  }: {
    file: string;
  }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Review ${file}.` } }],
  })) as never);
  const outputSchema = z.object({ count: z.number() });
  server.registerTool("count", { description: "Counts.", outputSchema: outputSchema as never }, () => ({
    ...text("three"),
    structuredContent: { count: 3 },
  }));
  server.registerTool("grow", { description: "Adds a tool, and takes itself away." }, () => {
    late();
    return text("grown");
  });
}

interface Lab {
  readonly listener: RequestListener;
  /** Tells that the notes changed. */
  readonly touch: () => void;
  /** How many of its calls were cancelled by the client. */
  readonly cancelled: () => number;
}

function oldLab(): Lab {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  let server: OldServer | undefined;
  let cancelled = 0;
  return {
    touch: () => void server?.server.sendResourceUpdated({ uri: "lab://notes" }),
    cancelled: () => cancelled,
    listener: async (request, response) => {
      const known = sessions.get(String(request.headers["mcp-session-id"]));
      if (known !== undefined) return known.handleRequest(request, response);
      const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => crypto.randomUUID(),
        onsessioninitialized: (id) => void sessions.set(id, transport),
      });
      const one = new OldServer(
        { name: "old", version: "1" },
        { capabilities: { logging: {}, resources: { subscribe: true } } },
      );
      const grown = (): void => {
        server = one;
        one.registerTool("late", { description: "Late." }, () => text("late done"));
      };
      offer(one, new OldTemplate("lab://pages/{n}", { list: undefined }), ARGS, grown);
      one.registerTool("hang", { description: "Hangs." }, async ({ signal }) => {
        await one.server.sendLoggingMessage({ level: "warning", data: "hanging" });
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        cancelled++;
        return text("never read");
      });
      one.server.setRequestHandler(SubscribeRequestSchema, () => {
        server = one;
        return {};
      });
      await one.connect(transport as Parameters<typeof one.connect>[0]);
      await transport.handleRequest(request, response);
    },
  };
}

function newLab(): Lab {
  let hasGrown = false;
  const handler = createMcpHandler(() => {
    const server = new NewServer(
      { name: "new", version: "1" },
      { capabilities: { tools: { listChanged: true }, resources: { subscribe: true } } },
    );
    const template = new NewTemplate("lab://pages/{n}", { list: undefined });
    offer(server as never, template as never, z.object(ARGS), () => {
      hasGrown = true;
      handler.notify.toolsChanged();
    });
    if (hasGrown) server.registerTool("late", { description: "Late." }, () => text("late done"));
    return server;
  });
  return {
    listener: toNodeHandler(handler) as RequestListener,
    touch: () => handler.notify.resourceUpdated("lab://notes"),
    cancelled: () => 0,
  };
}

const labs = { "before 2026": oldLab, "of 2026": newLab };
const ways = Object.keys(labs) as (keyof typeof labs)[];

async function connect(lab: Lab, options: McpOptions = {}): Promise<McpServer> {
  const { url } = await serve(lab.listener);
  const config = { name: "lab", url: `${url}/mcp`, approve: false, connectTimeout: 30_000 };
  const server = await connectMcp(config, options);
  onTestFinished(() => server.close());
  return server;
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test.each(ways)(
  "resources of a server %s are listed and read, by the program and by a model",
  async (way) => {
    const { resources, resourceTools } = await connect(labs[way]());
    expect(await resources.list()).toEqual([
      { uri: "lab://notes", name: "notes", description: "The notes.", mediaType: "text/plain" },
    ]);
    expect(await resources.templates()).toMatchObject([{ uriTemplate: "lab://pages/{n}", name: "page" }]);
    expect(await resources.read("lab://notes")).toEqual([
      { type: "text", text: "two lines\nof notes" },
      { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=", name: "lab://notes" },
    ]);
    const model = scriptedModel([
      {
        calls: [
          { name: "lab__list_resources" },
          { name: "lab__read_resource", input: { uri: "lab://pages/7" } },
        ],
      },
      { calls: [{ name: "lab__read_resource", input: { uri: "lab://nothing" } }] },
      "end",
    ]);
    const { messages } = await runAgent(agent({ name: "a", model, tools: resourceTools }), "go");
    const [list, page, nothing] = toolOutputs(messages);
    expect(JSON.parse(list as string)).toMatchObject({
      resources: [{ uri: "lab://notes" }],
      templates: [{ name: "page" }],
    });
    expect(page).toContain("page 7");
    expect(nothing).toMatch(/lab:\/\/nothing|not found/i);
  },
);

test.each(ways)("a change of a resource of a server %s is told until the watch ends", async (way) => {
  const lab = labs[way]();
  const { resources } = await connect(lab);
  let changes = 0;
  const end = await resources.watch("lab://notes", () => {
    changes++;
  });
  lab.touch();
  await until(() => changes === 1);
  await end();
  expect(changes).toBe(1);
});

test.each(ways)("prompts of a server %s are listed and filled in", async (way) => {
  const { prompts } = await connect(labs[way]());
  expect(await prompts.list()).toMatchObject([
    { name: "review", description: "Reviews.", arguments: [{ name: "file", required: true }] },
  ]);
  expect(await prompts.get("review", { file: "a.ts" })).toEqual([
    { role: "user", content: [{ type: "text", text: "Review a.ts." }] },
  ]);
  await expect(prompts.get("none")).rejects.toMatchObject({ code: "ORCH_MCP_TOOL" });
});

test.each(ways)(
  "a tool that a server %s gets in the middle of a run is there in its next turn",
  async (way) => {
    const server = await connect(labs[way]());
    const model = scriptedModel([
      { calls: [{ name: "lab__grow" }] },
      { calls: [{ name: "lab__late" }] },
      "end",
    ]);
    const moreTools = async () => {
      if (model.requests.length === 1) await until(() => server.changed);
      return server.list();
    };
    const { messages } = await runAgent(agent({ name: "a", model, moreTools }), "go");
    expect(toolOutputs(messages).at(-1)).toBe("late done");
    expect(server.tools.map(({ name }) => name)).toContain("lab__late");
  },
);

test.each(ways)("a program calls a tool of a server %s and has its data typed", async (way) => {
  const server = await connect(labs[way]());
  const { data, output } = await server.call("count", {}, { data: z.object({ count: z.number() }) });
  const count: number = data.count;
  expect([count, output]).toEqual([
    3,
    [
      { type: "text", text: "three" },
      { type: "text", text: '{"count":3}' },
    ],
  ]);
  await expect(server.call("count", {}, { data: z.object({ total: z.number() }) })).rejects.toThrow(
    /does not fit.*total/s,
  );
  expect((await server.call("grow")).data).toBeUndefined();
});

test("a call that is aborted is cancelled at the server, and what a server logs is told", async () => {
  const lab = oldLab();
  const said: unknown[] = [];
  const server = await connect(lab, { onLog: (entry) => said.push(entry) });
  const stop = new AbortController();
  const failed = server.call("hang", {}, { signal: stop.signal }).catch(() => "stopped");
  await until(() => said.length === 1);
  stop.abort();
  expect(await failed).toBe("stopped");
  await until(() => lab.cancelled() === 1);
  expect(said).toEqual([{ server: "lab", level: "warning", text: "hanging" }]);
});
