/** What the door offers beside tools: prompts, completion, resources that tell their changes, lines of a log, arguments in headers. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { orchestration, question, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createServer, type Server } from "../../src/index.ts";
import { type McpDoorOptions, mcp } from "../../src/mcp.ts";
import { listen } from "../../src/node/listen.ts";
import { eventsOf, greet, inSession, type RawMessage, replyTo, stateless } from "./raw-client.ts";

const approve = question("approve", { ask: (topic: string) => `Write about ${topic}?`, answer: z.boolean() });
const write = runnable("write", (yes: boolean) => (yes ? "Written." : "Not written."));
const article = orchestration("article", (o) => o.start(approve).advance(approve, write).finish(write));

const tone = question("tone", { ask: (_: unknown) => "Which tone?", answer: z.enum(["dry", "warm"]) });
const brief = runnable("brief", (chosen: string) => `Write a ${chosen} letter.`);
const letter = orchestration("letter", (o) => o.start(tone).advance(tone, brief).finish(brief));
const fail = runnable("fail", (_: unknown): string => {
  throw new TypeError("no paper");
});
const failing = orchestration("failing", (o) => o.start(fail).finish(fail));

const deploy = runnable("deploy", ({ region }: { region: string }) => `Deployed to ${region}.`);
const deploying = orchestration("deploying", (o) => o.start(deploy).finish(deploy));

const open: { close: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(
  options: McpDoorOptions = {},
): Promise<{ readonly url: string; readonly server: Server }> {
  const text = z.object({ to: z.enum(["ada", "bob"]).describe("To whom") });
  const server = createServer({
    host: memoryHost(),
    orchestrations: {
      article: { orchestration: article, input: z.string() },
      letter: { orchestration: letter, description: "A letter.", input: text },
      failing: { orchestration: failing, input: z.object({}) },
      deploying: {
        orchestration: deploying,
        input: z.object({ region: z.string().meta({ "x-mcp-header": "Region" }) }),
      },
    },
    principal: (request) => ({ id: request.headers.get("x-principal") ?? "ada" }),
    doors: [mcp(options)],
  });
  const { url, stop } = await listen(server);
  open.push({ close: stop });
  return { url: `${url}/mcp`, server };
}

type Way = "session" | "stateless";

async function connect(url: string, way: Way, principal = "ada"): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    {
      capabilities: { elicitation: {} },
      versionNegotiation: { mode: way === "session" ? "legacy" : { pin: "2026-07-28" } },
    },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => {
    const { message } = params as { message: string };
    return { action: "accept", content: { answer: message.includes("tone") ? "dry" : true } } as never;
  });
  const requestInit = { headers: { "x-principal": principal } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  open.push(client);
  return client;
}

const offers: McpDoorOptions = {
  prompts: {
    greet: {
      title: "Greeting",
      arguments: {
        name: { required: true, complete: (typed, others) => [`${typed}-${others["of"] ?? "x"}`] },
      },
      messages: ({ name }, { principal }) => `Greet ${name} for ${principal?.id}.`,
    },
    letter: { orchestration: "letter" },
    failing: { orchestration: "failing" },
    gone: { orchestration: "not-public" },
  },
  resources: {
    "notes://all": {
      name: "Notes",
      read: (_, { principal }) => (principal?.id === "ada" ? "Hers." : undefined),
    },
    "notes://by/{year}/{+path}": {
      read: ({ year, path }) => new TextEncoder().encode(`${year}:${path}`),
      complete: { year: () => Array.from({ length: 150 }, (_, place) => String(1900 + place)) },
    },
  },
};

describe.each(["session", "stateless"] as const)("an MCP client (%s)", (way) => {
  it("finds prompts with their arguments, and those that a run writes with its input's", async () => {
    const { url } = await serve(offers);
    const client = await connect(url, way);
    const { prompts } = await client.listPrompts();
    expect(prompts).toMatchObject([
      { name: "greet", title: "Greeting", arguments: [{ name: "name", required: true }] },
      {
        name: "letter",
        description: "A letter.",
        arguments: [{ name: "to", description: "To whom", required: true }],
      },
      { name: "failing" },
    ]);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["article", "deploying"]);
    await expect(client.callTool({ name: "letter", arguments: { to: "ada" } })).rejects.toThrow("no tool");
  });

  it("gets a prompt that was written, and is told which argument it needs", async () => {
    const { url } = await serve(offers);
    const client = await connect(url, way);
    const { messages } = await client.getPrompt({ name: "greet", arguments: { name: "Bob" } });
    expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Greet Bob for ada." } }]);
    await expect(client.getPrompt({ name: "greet" })).rejects.toThrow("The prompt needs name.");
    await expect(client.getPrompt({ name: "none" })).rejects.toThrow('no prompt "none"');
    await expect(client.getPrompt({ name: "gone" })).rejects.toThrow('no prompt "gone"');
  });

  it("gets a prompt that a run writes, which asks the person first", async () => {
    const { url } = await serve(offers);
    const client = await connect(url, way);
    const { messages } = await client.getPrompt({ name: "letter", arguments: { to: "bob" } });
    expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Write a dry letter." } }]);
    await expect(client.getPrompt({ name: "letter", arguments: { to: "eve" } })).rejects.toThrow();
    await expect(client.getPrompt({ name: "failing" })).rejects.toThrow(/fail/);
  });

  it("has no prompts where there are none", async () => {
    const { url } = await serve();
    const client = await connect(url, way);
    expect(client.getServerCapabilities()?.prompts).toBeUndefined();
  });

  it("has values proposed: of an argument, of a choice, of a template and of its own runs", async () => {
    const { url, server } = await serve(offers);
    const client = await connect(url, way);
    const values = async (ref: object, name: string, value: string): Promise<unknown> => {
      const asked = { ref, argument: { name, value }, context: { arguments: { of: "y" } } };
      return (await client.complete(asked as never)).completion;
    };
    expect(await values({ type: "ref/prompt", name: "greet" }, "name", "a")).toMatchObject({
      values: ["a-y"],
    });
    expect(await values({ type: "ref/prompt", name: "letter" }, "to", "B")).toMatchObject({
      values: ["bob"],
    });
    const years = await values({ type: "ref/resource", uri: "notes://by/{year}/{+path}" }, "year", "19");
    expect(years).toMatchObject({ total: 150, hasMore: true });
    expect((years as { values: string[] }).values.length).toBe(100);
    const run = await server.runs({ id: "ada" }).start("article", "tides");
    await server.runs({ id: "eve" }).start("article", "tides");
    const runs = { type: "ref/resource", uri: "orch://runs/{run}" };
    expect(await values(runs, "run", "")).toMatchObject({ values: [run], total: 1 });
    await expect(values({ type: "ref/prompt", name: "none" }, "to", "")).rejects.toThrow("no such prompt");
  });

  it("reads what the application offers, by its URI or its template, as far as it is this caller's", async () => {
    const { url } = await serve(offers);
    const client = await connect(url, way);
    const { resources } = await client.listResources();
    expect(resources).toContainEqual(expect.objectContaining({ uri: "notes://all", name: "Notes" }));
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "orch://runs/{run}",
      "notes://by/{year}/{+path}",
    ]);
    expect((await client.readResource({ uri: "notes://all" })).contents).toEqual([
      { uri: "notes://all", mimeType: "text/plain", text: "Hers." },
    ]);
    const { contents } = await client.readResource({ uri: "notes://by/2026/a/b%20c" });
    expect(contents).toMatchObject([{ mimeType: "application/octet-stream", blob: btoa("2026:a/b c") }]);
    const eve = await connect(url, way, "eve");
    await expect(eve.readResource({ uri: "notes://all" })).rejects.toThrow("no such resource");
  });

  it("hears that a run it watches goes on, and that a resource of the application changed", async () => {
    let change: () => void = () => {};
    const watching = Promise.withResolvers<undefined>();
    const left = Promise.withResolvers<undefined>();
    const { url, server } = await serve({
      resources: {
        "notes://all": {
          read: () => "x",
          watch: (changed) => {
            change = changed;
            watching.resolve(undefined);
            return () => left.resolve(undefined);
          },
        },
      },
    });
    const runs = server.runs({ id: "ada" });
    const run = await runs.start("article", "tides");
    const client = await connect(url, way);
    const heard = new Updates(client);
    const uris = [`orch://runs/${run}`, "notes://all"];
    const stop = await watch(client, way, uris);
    const read = async (): Promise<string> => {
      const { contents } = await client.readResource({ uri: uris[0]! });
      return (JSON.parse((contents[0] as { text: string }).text) as { status: string }).status;
    };
    while ((await read()) !== "waiting") await heard.of(uris[0]!);
    const [question] = (await runs.describe(run)).questions;
    await runs.answer(run, question!.question, true);
    while ((await read()) !== "completed") await heard.of(uris[0]!);
    await watching.promise;
    change();
    await heard.of("notes://all");
    await stop();
    await left.promise;
  });

  it("watches nothing that is not there, or is another principal's", async () => {
    const { url, server } = await serve();
    const run = await server.runs({ id: "ada" }).start("article", "tides");
    const eve = await connect(url, way, "eve");
    const uris = [`orch://runs/${run}`, "notes://none"];
    if (way === "session") {
      for (const uri of uris)
        await expect(eve.subscribeResource({ uri })).rejects.toThrow("no such resource");
    } else {
      const { honoredFilter, close } = await eve.listen({ resourceSubscriptions: uris });
      expect(honoredFilter).toEqual({});
      await close();
    }
  });

  it("repeats an argument in a header, and is refused where that says something else", async () => {
    const { url } = await serve();
    const client = await connect(url, way);
    await client.listTools();
    const result = await client.callTool({ name: "deploying", arguments: { region: "österreich" } });
    expect(result.content).toEqual([{ type: "text", text: "Deployed to österreich." }]);
    if (way === "session") return;
    const request = stateless(url, "tools/call", { name: "deploying", arguments: { region: "eu" } });
    request.headers.set("mcp-param-region", "us");
    expect((await replyTo(request)).error).toMatchObject({
      code: -32020,
      message: expect.stringContaining("Mcp-Param-Region"),
    });
  });
});

describe("lines of a log", () => {
  const call = { name: "deploying", arguments: { region: "eu" } };
  const lines = async (response: Response): Promise<readonly { [name: string]: unknown }[]> => {
    const told: { [name: string]: unknown }[] = [];
    for await (const { message } of eventsOf(response))
      if (message?.method === "notifications/message") told.push({ ...message.params });
    return told;
  };

  it("come beside a call in a session that asked for them, from the level on that it named", async () => {
    const { url } = await serve();
    const session = await greet(url);
    const ask = async (id: number): Promise<readonly unknown[]> => {
      const response = await fetch(inSession(url, session, { id, method: "tools/call", params: call }));
      return (await lines(response)).map(({ level: of, data }) => [of, (data as { type: string }).type]);
    };
    const level = async (name: string): Promise<RawMessage> =>
      replyTo(inSession(url, session, { id: 9, method: "logging/setLevel", params: { level: name } }));
    expect(await ask(1)).toEqual([]);
    expect(await level("loud")).toMatchObject({ error: { code: -32602 } });
    await level("info");
    const info = [
      ["info", "run.started"],
      ["info", "state.started"],
      ["info", "state.completed"],
      ["info", "run.completed"],
    ];
    expect(await ask(2)).toEqual(info);
    await level("error");
    expect(await ask(3)).toEqual([]);
  });

  it("come beside a request of 2026 that asks for them", async () => {
    const { url } = await serve();
    const request = stateless(url, "tools/call", {
      ...call,
      _meta: { "io.modelcontextprotocol/logLevel": "info" },
    });
    request.headers.set("mcp-param-region", "eu");
    const told = await lines(await fetch(request));
    expect(told).toHaveLength(4);
    expect(told[2]).toMatchObject({
      logger: "deploying",
      data: { type: "state.completed", state: "deploy" },
    });
    expect(JSON.stringify(told)).not.toContain('"number"');
  });
});

it("tells on a stream where a task is, and ends the stream well when the server stops", async () => {
  const { url, server } = await serve();
  const runs = server.runs({ id: "ada" });
  const run = await runs.start("article", "tides");
  const abilities = { elicitation: {}, extensions: { "io.modelcontextprotocol/tasks": {} } };
  const params = { notifications: { taskIds: [run, "none"] } };
  const events = eventsOf(await fetch(stateless(url, "subscriptions/listen", params, abilities)));
  const next = async (): Promise<RawMessage | undefined> => (await events.next()).value?.message;
  expect(await next()).toMatchObject({
    method: "notifications/subscriptions/acknowledged",
    params: { notifications: { taskIds: [run] }, _meta: { "io.modelcontextprotocol/subscriptionId": 1 } },
  });
  const until = async (status: string): Promise<RawMessage["params"]> => {
    for (;;) {
      const message = await next();
      expect(message?.method).toBe("notifications/tasks");
      if (message?.params?.["status"] === status) return message.params;
    }
  };
  const asked = await until("input_required");
  const [question] = Object.keys(asked?.["inputRequests"] as object);
  await runs.answer(run, question!, true);
  expect(await until("completed")).toMatchObject({
    taskId: run,
    result: { content: [{ text: "Written." }] },
  });
  await server.park();
  expect(await next()).toMatchObject({ id: 1, result: { resultType: "complete" } });
});

it("bounds how many streams of changes a principal reads, and how many resources one tells of", async () => {
  const { url } = await serve();
  const uris = Array.from({ length: 101 }, (_, place) => `orch://runs/r${place}`);
  const many = stateless(url, "subscriptions/listen", { notifications: { resourceSubscriptions: uris } });
  expect((await replyTo(many)).error).toMatchObject({ code: -32602 });
  const session = await greet(url);
  const readers = await Promise.all(
    Array.from({ length: 100 }, () => fetch(inSession(url, session, {}).url, streamOf(session))),
  );
  expect(readers.every(({ status }) => status === 200)).toBe(true);
  const refused = await fetch(url, streamOf(session));
  expect(refused.status).toBe(429);
  await readers[0]!.body!.cancel();
  let again = await fetch(url, streamOf(session));
  while (again.status !== 200) again = await fetch(url, streamOf(session));
  for (const { body } of [...readers.slice(1), again]) await body!.cancel();
});

it.each([
  [{ prompts: { "a b": { messages: "x" } } }, "no name for a prompt"],
  [{ prompts: { a: { orchestration: "x" }, b: { orchestration: "x" } } }, "two prompts"],
  [{ resources: { "notes://{?q}": { read: () => "x" } } }, "no template"],
  [{ resources: { "no uri": { read: () => "x" } } }, "no URI"],
  [{ resources: { "n://{a}/{a}": { read: () => "x" } } }, "stands twice"],
  [{ resources: { "orch://mine": { read: () => "x" } } }, "begins with orch:"],
])("a door is not made with %o", (options, problem) => {
  expect(() => mcp(options)).toThrow(problem);
});

function streamOf(session: string): RequestInit {
  const headers = { accept: "text/event-stream", "mcp-session-id": session };
  return { headers: { ...headers, "mcp-protocol-version": "2025-11-25" } };
}

/** Says which resources are watched; gives what ends it. */
async function watch(client: Client, way: Way, uris: readonly string[]): Promise<() => Promise<void>> {
  if (way === "stateless") {
    const subscription = await client.listen({ resourceSubscriptions: [...uris] });
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: uris });
    return () => subscription.close();
  }
  for (const uri of uris) await client.subscribeResource({ uri });
  return async () => {
    for (const uri of uris) await client.unsubscribeResource({ uri });
  };
}

/** The updates that a client hears, each taken once. */
class Updates {
  readonly #heard = new Map<string, number>();
  #wake = Promise.withResolvers<undefined>();

  constructor(client: Client) {
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
      const { uri } = params as { uri: string };
      this.#heard.set(uri, (this.#heard.get(uri) ?? 0) + 1);
      this.#wake.resolve(undefined);
    });
  }

  async of(uri: string): Promise<void> {
    while ((this.#heard.get(uri) ?? 0) === 0) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    this.#heard.set(uri, 0);
  }
}
