/** The door of MCP, by the official client over a real socket, in both ways of speaking. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { all, orchestration, question, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createServer, type Server } from "../../src/index.ts";
import { mcp } from "../../src/mcp.ts";
import { listen } from "../../src/node/listen.ts";

const write = runnable("write", ({ topic }: { topic: string }) => `About ${topic}.`);
const approve = question("approve", { ask: (text: string) => `Publish "${text}"?`, answer: z.boolean() });
const publish = runnable("publish", (yes: boolean) => ({ published: yes }));
const article = orchestration("article", (o) =>
  o.start(write).advance(write, approve).advance(approve, publish).finish(publish),
);
const shout = runnable("shout", (text: string) => text.toUpperCase());
const shouting = orchestration("shouting", (o) => o.start(shout).finish(shout));
const both = all("both", {
  colour: question("colour", { ask: "Which colour?", answer: z.enum(["red", "blue"]) }),
  count: question("count", { ask: "How many?", answer: z.object({ n: z.int().min(1) }) }),
});
const order = orchestration("order", (o) => o.start(both).finish(both));

type Answer = (message: string, schema: object) => object;

const open: { close: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(): Promise<{ readonly url: URL; readonly server: Server }> {
  const server = createServer({
    host: memoryHost(),
    orchestrations: {
      article: {
        orchestration: article,
        description: "Writes an article.",
        input: z.object({ topic: z.string() }),
        output: z.object({ published: z.boolean() }),
      },
      shouting: { orchestration: shouting, input: z.string(), output: z.string() },
      order: { orchestration: order },
    },
    principal: (request) => ({ id: request.headers.get("x-principal") ?? "ada" }),
    doors: [mcp({ name: "articles", version: "2.0.0" })],
  });
  const { url, stop } = await listen(server);
  open.push({ close: stop });
  return { url: new URL(`${url}/mcp`), server };
}

/** A client that greets the server (`session`) or does not (`stateless`), and fills forms. */
async function connect(
  url: URL,
  way: "session" | "stateless",
  answer?: Answer,
  principal = "ada",
): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    {
      capabilities: answer === undefined ? {} : { elicitation: {} },
      versionNegotiation: { mode: way === "session" ? "legacy" : { pin: "2026-07-28" } },
    },
  );
  if (answer !== undefined) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      const { message, requestedSchema } = params as { message: string; requestedSchema: object };
      return answer(message, requestedSchema) as never;
    });
  }
  const requestInit = { headers: { "x-principal": principal } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  open.push(client);
  return client;
}

const yes: Answer = () => ({ action: "accept", content: { answer: true } });

describe.each(["session", "stateless"] as const)("an MCP client (%s)", (way) => {
  it("finds each orchestration as a tool, with its schemas", async () => {
    const { url } = await serve();
    const client = await connect(url, way);
    expect(client.getServerVersion()).toMatchObject({ name: "articles", version: "2.0.0" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["article", "shouting", "order"]);
    expect(tools[0]).toMatchObject({
      description: "Writes an article.",
      inputSchema: { type: "object", properties: { topic: { type: "string" } }, required: ["topic"] },
      outputSchema: { type: "object", properties: { published: { type: "boolean" } } },
    });
    expect(tools[1]?.inputSchema).toMatchObject({
      properties: { input: { type: "string" } },
      required: ["input"],
    });
  });

  it("calls a tool whose orchestration takes and gives a text", async () => {
    const { url } = await serve();
    const client = await connect(url, way);
    const result = await client.callTool({ name: "shouting", arguments: { input: "hello" } });
    expect(result).toMatchObject({
      content: [{ type: "text", text: "HELLO" }],
      structuredContent: { result: "HELLO" },
    });
  });

  it("shows a question as a form, and goes on with the answer", async () => {
    const { url } = await serve();
    const seen: unknown[] = [];
    const client = await connect(url, way, (message, schema) => {
      seen.push(message, schema);
      return { action: "accept", content: { answer: true } };
    });
    const result = await client.callTool({ name: "article", arguments: { topic: "tides" } });
    expect(result.structuredContent).toEqual({ published: true });
    expect(seen).toEqual([
      'Publish "About tides."?',
      { type: "object", properties: { answer: { type: "boolean" } }, required: ["answer"] },
    ]);
  });

  it("answers several questions, each by its own form, and asks again for what does not fit", async () => {
    const { url } = await serve();
    let tries = 0;
    const client = await connect(url, way, (message) => {
      if (message.includes("colour")) return { action: "accept", content: { answer: "blue" } };
      return { action: "accept", content: { n: tries++ === 0 ? 0 : 3 } };
    });
    const result = await client.callTool({ name: "order" });
    expect(result.structuredContent).toEqual({ colour: "blue", count: { n: 3 } });
    expect(tries).toBe(2);
  });

  it("takes a declined yes or no as a no, and says that a run waits whose form was left", async () => {
    const { url, server } = await serve();
    const declining = await connect(url, way, () => ({ action: "decline" }));
    const declined = await declining.callTool({ name: "article", arguments: { topic: "tides" } });
    expect(declined.structuredContent).toEqual({ published: false });
    const leaving = await connect(url, way, () => ({ action: "cancel" }));
    const left = await leaving.callTool({ name: "article", arguments: { topic: "tides" } });
    expect(left).toMatchObject({ isError: true });
    const [run] = await server.runs({ id: "ada" }).list();
    expect(run?.status).toBe("waiting");
    expect(JSON.stringify(left.content)).toContain(run!.run);
  });

  it("is told as a result what input does not fit", async () => {
    const { url } = await serve();
    const client = await connect(url, way);
    const result = await client.callTool({ name: "article", arguments: { topic: 3 } });
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("topic") }] });
    await expect(client.callTool({ name: "none" })).rejects.toMatchObject({ code: -32602 });
  });

  it("hears which state works", async () => {
    const { url } = await serve();
    const client = await connect(url, way, yes);
    const states: (string | undefined)[] = [];
    const onprogress = ({ message }: { message?: string | undefined }): void => void states.push(message);
    await client.callTool({ name: "article", arguments: { topic: "tides" } }, { onprogress });
    expect(states.slice(0, 2)).toEqual(["write", "approve"]);
  });

  it("reads an orchestration and a run as resources, and none of another principal", async () => {
    const { url, server } = await serve();
    const client = await connect(url, way, yes);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("orch://orchestrations/article");
    await client.callTool({ name: "article", arguments: { topic: "tides" } });
    const [run] = await server.runs({ id: "ada" }).list();
    const uri = `orch://runs/${run!.run}`;
    const { contents } = await client.readResource({ uri });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ status: "completed" });
    const eve = await connect(url, way, yes, "eve");
    await expect(eve.readResource({ uri })).rejects.toThrow("no such resource");
  });

  it("that cannot show a form is told so, and the run waits", async () => {
    const { url, server } = await serve();
    const client = await connect(url, way);
    const call = client.callTool({ name: "article", arguments: { topic: "tides" } });
    if (way === "stateless") await expect(call).rejects.toMatchObject({ code: -32021 });
    else expect(await call).toMatchObject({ isError: true });
    expect((await server.runs({ id: "ada" }).list())[0]?.status).toBe("waiting");
  });
});
