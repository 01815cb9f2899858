import type { RequestListener } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer as OldServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { UrlElicitationRequiredError } from "@modelcontextprotocol/sdk/types.js";
import { createMcpHandler, inputRequired, McpServer as NewServer } from "@modelcontextprotocol/server";
import { orchestration } from "@orch/core";
import { DurableHost, memoryStore } from "@orch/core/host";
import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";
import { runAgent } from "../../src/run/runner.ts";
import { connectMcp, type McpServer } from "../../src/tools/mcp/connect-mcp.ts";
import { serve } from "./loopback.ts";

const FORM = {
  type: "object" as const,
  properties: {
    city: { type: "string" as const, description: "Where to" },
    nights: { type: "integer" as const, minimum: 1, default: 2 },
  },
  required: ["city"],
};
const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
/** The calls that servers carried out, in order. */
let made: string[] = [];

/** A server from before 2026: it asks by a request of its own, in the middle of the call. */
function oldServer(): RequestListener {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return async (request, response) => {
    const known = sessions.get(String(request.headers["mcp-session-id"]));
    if (known !== undefined) return known.handleRequest(request, response);
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new OldServer({ name: "old", version: "1" });
    const ask = (message: string) => server.server.elicitInput({ message, requestedSchema: FORM });
    server.registerTool("book", { description: "Books." }, async () => {
      made.push("book");
      const first = await ask("Where do you want to go?");
      const second = await ask("Where do you want to go?");
      return text(JSON.stringify([first, second]));
    });
    let opened = false;
    server.registerTool("pay", { description: "Pays." }, () => {
      made.push("pay");
      if (opened) return text("paid");
      opened = true;
      const url = "https://pay.example/1";
      throw new UrlElicitationRequiredError([{ mode: "url", message: "Pay first", url, elicitationId: "1" }]);
    });
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(request, response);
  };
}

/** A server of 2026: it answers a call with what it wants to know, and is called again with the answers. */
function newServer(): RequestListener {
  const handler = createMcpHandler(() => {
    const server = new NewServer({ name: "new", version: "1" });
    server.registerTool("book", { description: "Books." }, (ctx) => {
      made.push("book");
      const { inputResponses = {} } = ctx.mcpReq;
      const given = Object.keys(inputResponses).length;
      const ask = (message: string) => inputRequired.elicit({ message, requestedSchema: FORM });
      if (given === 0) return inputRequired({ inputRequests: { first: ask("Where do you want to go?") } });
      if (inputResponses["second"] === undefined) {
        return inputRequired({
          inputRequests: { second: ask("Where do you want to go?") },
          requestState: JSON.stringify(inputResponses["first"]),
        });
      }
      const first = JSON.parse(ctx.mcpReq.requestState() ?? "null");
      return text(JSON.stringify([first, inputResponses["second"]]));
    });
    return server;
  });
  return toNodeHandler(handler) as RequestListener;
}

async function connect(listener: RequestListener): Promise<McpServer> {
  made = [];
  const { url } = await serve(listener);
  const server = await connectMcp({ name: "lab", url: `${url}/mcp`, approve: false, connectTimeout: 30_000 });
  onTestFinished(() => server.close());
  return server;
}

const servers = { "before 2026": oldServer, "of 2026": newServer };
const ways = Object.keys(servers) as (keyof typeof servers)[];

function traveller(tools: McpServer["tools"], name = "lab__book") {
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({}),
    invoke: () => {
      made.push("look");
      return "seen";
    },
  });
  const model = scriptedModel([{ calls: [{ name: "look" }, { name, input: {} }] }, "Done."]);
  return { model, agent: agent({ name: "traveller", model, tools: [look, ...tools] }) };
}

test.each(ways)(
  "what a server %s wants to know is asked in the middle of the call, with its form",
  async (way) => {
    const { tools } = await connect(servers[way]());
    const asked: unknown[] = [];
    const answers = [
      { action: "accept", content: { city: "Rome" } },
      { action: "decline", content: {} },
    ];
    const result = await runAgent(traveller(tools).agent, "go", {
      onQuestion: ({ prompt, answer }) => {
        const shown = (
          answer["~standard"] as never as { jsonSchema: { input: () => unknown } }
        ).jsonSchema.input();
        asked.push([prompt, shown]);
        return answers[asked.length - 1];
      },
    });
    expect(JSON.parse(toolOutputs(result.messages)[1] as string)).toEqual([
      { action: "accept", content: { city: "Rome", nights: 2 } },
      { action: "decline" },
    ]);
    expect(asked[0]).toMatchObject([
      { question: 'The MCP server "lab" asks: Where do you want to go?', server: "lab", tool: "book" },
      {
        required: ["content"],
        if: { properties: { action: { const: "accept" } } },
        // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
        then: { properties: { content: { required: ["city"] } } },
        properties: {
          action: { enum: ["accept", "decline", "cancel"] },
          content: {
            properties: { city: { description: "Where to (needed to accept)" }, nights: { default: 2 } },
          },
        },
      },
    ]);
  },
);

test.each(ways)(
  "an answer that does not fit the form of a server %s is not sent, and nobody to ask is cancel",
  async (way) => {
    const { tools } = await connect(servers[way]());
    const wrong = await runAgent(traveller(tools).agent, "go", {
      onQuestion: () => ({ content: { nights: 0 } }),
    });
    expect(toolOutputs(wrong.messages)[1]).toMatch(/does not fit|action/);
    const alone = await runAgent(traveller(tools).agent, "go");
    expect(JSON.parse(toolOutputs(alone.messages)[1] as string)).toEqual([
      { action: "cancel" },
      { action: "cancel" },
    ]);
  },
);

test("an address that a person has to open is a question, and the call is made again after it", async () => {
  const { tools } = await connect(oldServer());
  const prompts: unknown[] = [];
  const result = await runAgent(traveller(tools, "lab__pay").agent, "go", {
    onQuestion: ({ prompt }) => {
      prompts.push(prompt);
      return { action: "accept" };
    },
  });
  expect(toolOutputs(result.messages)[1]).toBe("paid");
  expect(made).toEqual(["look", "pay", "pay"]);
  expect(prompts).toMatchObject([
    { url: "https://pay.example/1", question: expect.stringContaining("Pay first") },
  ]);
  const { tools: others } = await connect(oldServer());
  const no = await runAgent(traveller(others, "lab__pay").agent, "go", {
    onQuestion: () => ({ action: "decline" }),
  });
  expect(toolOutputs(no.messages)[1]).toMatch(/Pay first \(decline\)/);
});

test.each(ways)(
  "a question of a server %s is a question of the run: after a restart the call is made again and given the answers it had",
  async (way) => {
    const { tools } = await connect(servers[way]());
    const { agent: asking, model } = traveller(tools);
    const clock = manualClock();
    const store = memoryStore();
    const act = agentRunnable(asking);
    const flow = orchestration("flow", (o) => o.start(act).finish(act));
    const run = flow.start("go", { host: new DurableHost(store, { clock }), runId: "r" });
    const until = async (test: () => boolean): Promise<void> => {
      while (!test()) {
        await clock.advance(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await until(() => run.questions.length === 1);
    await run.answer(run.questions[0]!.id, { action: "accept", content: { city: "Rome" } });
    await until(() => run.questions.length === 1);
    const [second] = run.questions;
    await run.suspend();

    const again = await new DurableHost(store, { clock }).resume(flow, "r");
    await until(() => again.questions.length === 1);
    // The same words a second time are another question.
    expect(again.questions.map(({ id }) => id)).toEqual([second!.id]);
    await again.answer(second!.id, { action: "accept", content: { city: "Bari", nights: 1 } });
    let ended = false;
    void again.result.finally(() => {
      ended = true;
    });
    await until(() => ended);

    expect(await again.result).toBe("Done.");
    expect(JSON.parse(toolOutputs(model.requests[1]!.messages)[1] as string)).toEqual([
      { action: "accept", content: { city: "Rome", nights: 2 } },
      { action: "accept", content: { city: "Bari", nights: 1 } },
    ]);
    expect(made.filter((name) => name === "look")).toEqual(["look"]);
    expect(model.requests).toHaveLength(2);
  },
);
