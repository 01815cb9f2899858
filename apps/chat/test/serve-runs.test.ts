/** Typed runs of `orch serve`, by the official clients of MCP and A2A, over kills, drains, edits and a second process. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Message, Role, TaskState } from "@a2a-js/sdk";
import { type Client as A2aClient, ClientFactory } from "@a2a-js/sdk/client";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, expect, test } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import { buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import { type Serving, serving } from "./support/serving.ts";

/** Asks, then tells what was answered; `word` is what an edit changes. */
const asking = (word: string): string => `
import { orchestration, question, runnable } from "@orch/core";
import { z } from "zod";
export const input = z.object({ topic: z.string() });
export const output = z.string();
const approve = question("approve", { ask: ({ topic }) => "Publish " + topic + "?", answer: z.boolean() });
const publish = runnable("publish", (yes) => yes ? "${word}." : "Kept back.");
export default () => orchestration("article", (o) => o.start(approve).advance(approve, publish).finish(publish));
`;

/** Works until the gate of the test lets it go. */
const HOLDING = `
import { orchestration, runnable } from "@orch/core";
const hold = runnable("hold", async (text, ctx) => {
  const response = await fetch(process.env.GATE, { signal: ctx.signal });
  return text + " " + await response.text();
});
export default () => orchestration("holding", (o) => o.start(hold).finish(hold));
`;

const CONFIG = JSON.stringify({
  orchestrations: {
    article: { file: "./article.mjs", description: "Writes an article." },
    holding: { file: "./holding.mjs" },
  },
  serve: { orchestrations: { write: "article", hold: "holding", talk: "chat" } },
});

const FILES = { "orch.config.json": CONFIG, "article.mjs": asking("Published"), "holding.mjs": HOLDING };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function started(box: Sandbox, args: readonly string[] = [], env = {}): Promise<Serving> {
  const { file } = await buildCli();
  const server = await serving(file, box, ["--trust", ...args], env);
  closing.push(async () => {
    server.child.kill("SIGKILL");
    await server.ended;
  });
  return server;
}

/** What holds runs: each waits for `open`. */
async function gate(): Promise<{ readonly url: string; readonly came: () => Promise<ServerResponse> }> {
  const waiting: ServerResponse[] = [];
  let wake = Promise.withResolvers<undefined>();
  const server = createServer((_, response) => {
    waiting.push(response);
    wake.resolve(undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const came = async (): Promise<ServerResponse> => {
    while (waiting.length === 0) {
      await wake.promise;
      wake = Promise.withResolvers();
    }
    return waiting.shift()!;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came };
}

async function mcpClient(url: string, answer?: boolean): Promise<Client> {
  const capabilities = answer === undefined ? {} : { elicitation: {} };
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  if (answer !== undefined)
    client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { answer } }));
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  closing.push(() => client.close());
  return client;
}

type Sent = Parameters<A2aClient["sendMessage"]>[0];

function said(text: string, taskId = ""): Sent {
  const part = { content: { $case: "text" as const, value: text }, metadata: undefined };
  const ids = { messageId: randomUUID(), taskId, contextId: "", role: Role.ROLE_USER };
  const parts = [{ ...part, filename: "", mediaType: "" }];
  const message: Message = { ...ids, parts, metadata: undefined, extensions: [], referenceTaskIds: [] };
  return { tenant: "", message, configuration: undefined, metadata: undefined };
}

async function call(url: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await (await fetch(`${url}${path}`, init)).json()) as Record<string, unknown>;
}

const start = async (url: string, orchestration: string, input: unknown): Promise<string> =>
  (await call(url, "/v1/runs", { orchestration, input }))["run"] as string;

/** The events of a run to its end. Following it takes it up where no process drives it. */
const whole = async (url: string, run: string): Promise<string> =>
  (await fetch(`${url}/sse/runs/${run}`)).text();

/** Reads a run's events until one of this type came. */
async function until(url: string, run: string, type: string): Promise<void> {
  const response = await fetch(`${url}/sse/runs/${run}`);
  let text = "";
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes(`event: ${type}\n`)) return;
  }
}

test("a tool of MCP and an agent of A2A are the orchestrations that the configuration names; a run outlives kill -9", async () => {
  await using box = await sandbox("", FILES);
  const first = await started(box);
  expect(first.told()).not.toContain("not offered");
  const client = await mcpClient(first.url, true);
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([
    {
      name: "write",
      description: "Writes an article.",
      inputSchema: { properties: { topic: { type: "string" } } },
    },
    { name: "hold", inputSchema: { properties: { input: { type: "string" } } } },
  ]);
  const called = await client.callTool({ name: "write", arguments: { topic: "tides" } });
  expect(called.structuredContent).toEqual({ result: "Published." });
  const refused = await client.callTool({ name: "write", arguments: { topic: 3 } });
  expect(refused).toMatchObject({ isError: true });

  const agent = await new ClientFactory().createFromUrl(`${first.url}/a2a/write/`);
  const asked = await agent.sendMessage(said("the moon"));
  if (!("artifacts" in asked)) throw new TypeError("no task");
  expect(asked.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
  first.child.kill("SIGKILL");
  await first.ended;

  const second = await started(box);
  const again = await new ClientFactory().createFromUrl(`${second.url}/a2a/write/`);
  const done = await again.sendMessage(said("yes", asked.id));
  if (!("artifacts" in done)) throw new TypeError("no task");
  expect(done.artifacts[0]?.parts[0]?.content?.value).toBe("Published.");
  const other = await mcpClient(second.url);
  const { contents } = await other.readResource({ uri: `orch://runs/${asked.id}` });
  expect(JSON.stringify(contents)).toContain("completed");
  expect((await call(second.url, "/v1/runs"))["runs"]).toHaveLength(2);
});

test.runIf(thorough)("a run in the middle of its work is taken up by the next start, unasked", async () => {
  await using box = await sandbox("", FILES);
  const { url, came } = await gate();
  const first = await started(box, [], { GATE: url });
  const run = await start(first.url, "hold", "work");
  await came();
  first.child.kill("SIGKILL");
  await first.ended;
  const second = await started(box, ["--drain", "0"], { GATE: url });
  await came();
  second.child.kill("SIGINT");
  expect(await second.ended).toBe(0);
  const third = await started(box, [], { GATE: url });
  (await came()).end("done");
  expect(await whole(third.url, run)).toContain('"output":"work done"');
});

// Beside it stands two-processes.test.ts of sqlite.
test.runIf(thorough)(
  "two processes on one file: what one drives the other leaves to it, answers through it, and takes up when it is killed",
  async () => {
    await using box = await sandbox("", FILES);
    const { url, came } = await gate();
    const [one, two] = [await started(box, [], { GATE: url }), await started(box, [], { GATE: url })];
    const run = await start(one.url, "write", { topic: "tides" });
    await until(one.url, run, "run.waiting");
    const picture = await call(two.url, `/v1/runs/${run}`);
    const [question] = picture["questions"] as { question: string }[];
    const answer = { question: question!.question, answer: true };
    await fetch(`${two.url}/v1/runs/${run}/answers`, { method: "POST", body: JSON.stringify(answer) });
    expect(await whole(one.url, run)).toContain("Published.");
    expect(await whole(two.url, run)).toContain("Published.");

    const held = await start(one.url, "hold", "work");
    const response = await came();
    // It is followed where nobody drives it, and is not driven twice.
    const followed = whole(two.url, held);
    one.child.kill("SIGKILL");
    await one.ended;
    expect(response.destroyed).toBe(true);
    (await came()).end("done");
    expect(await followed).toContain('"output":"work done"');
  },
);

// Beside it stands space.test.ts of the server.
test.runIf(thorough)("a run of another folder is not there, nor one that answered a message", async () => {
  await using box = await sandbox("", FILES);
  await using other = await sandbox("", FILES);
  const one = await started(box);
  const sent = await call(one.url, "/v1/chats/write/messages", { text: "tides" });
  const run = await start(one.url, "write", { topic: "tides" });
  const two = await started({ ...other, home: box.home });
  expect((await fetch(`${two.url}/v1/runs/${run}`)).status).toBe(404);
  expect((await call(two.url, "/v1/runs"))["runs"]).toEqual([]);
  expect((await fetch(`${one.url}/v1/runs/${String(sent["turn"])}`)).status).toBe(404);
  expect((await call(one.url, "/v1/runs"))["runs"]).toHaveLength(1);
});

test("Ctrl-C lets what goes on end, starts nothing more, and ends with 0", async () => {
  await using box = await sandbox("", FILES);
  const { url, came } = await gate();
  const { url: at, child, ended } = await started(box, ["--drain", "3600"], { GATE: url });
  const run = await start(at, "hold", "work");
  const turn = await call(at, "/v1/chats/hold/messages", { text: "talk" });
  const going = [await came(), await came()];
  const told = whole(at, run);
  const talked = fetch(`${at}/sse/chats/hold/sessions/${turn["session"]}/turns/${turn["turn"]}`);
  await (await talked).body!.getReader().read();
  child.kill("SIGINT");
  await untilClosing(at);
  for (const response of going) response.end("done");
  expect(await told).toContain('"output":"work done"');
  expect(await ended).toBe(0);
});

// Beside it stands the signal that is the only one.
test.runIf(thorough)(
  "a second signal parks at once what goes on, and the next start goes on with it",
  async () => {
    await using box = await sandbox("", FILES);
    const { url, came } = await gate();
    const first = await started(box, ["--drain", "3600"], { GATE: url });
    const run = await start(first.url, "hold", "work");
    await came();
    const told = whole(first.url, run);
    first.child.kill("SIGTERM");
    await untilClosing(first.url);
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(143);
    expect(await told).toContain("event: parked");
    const second = await started(box, [], { GATE: url });
    (await came()).end("done");
    expect(await whole(second.url, run)).toContain('"output":"work done"');
  },
);

test("--watch takes up an edit: runs under way end as they began, and a broken file leaves the last one", async () => {
  await using box = await sandbox("", FILES);
  const server = await started(box, ["--watch"]);
  const { url } = server;
  const file = join(box.folder, "article.mjs");
  const before = await start(url, "write", { topic: "tides" });
  await until(url, before, "run.waiting");
  await writeFile(file, asking("Printed"));
  const after = await start(url, "write", { topic: "tides" });
  await until(url, after, "run.waiting");
  await writeFile(file, "export default (");
  const { orchestrations } = await call(url, "/v1/orchestrations");
  expect(orchestrations).toMatchObject([{ name: "write" }, { name: "hold" }]);
  await server.says('"write" is not offered as typed runs: The orchestration "article" cannot be loaded');
  for (const [run, word] of [
    [before, "Published."],
    [after, "Printed."],
  ] as const) {
    const [question] = (await call(url, `/v1/runs/${run}`))["questions"] as { question: string }[];
    const body = JSON.stringify({ question: question!.question, answer: true });
    expect((await fetch(`${url}/v1/runs/${run}/answers`, { method: "POST", body })).ok).toBe(true);
    expect(await whole(url, run)).toContain(`"output":"${word}"`);
  }
  await writeFile(file, asking("Posted"));
  const last = await start(url, "write", { topic: "tides" });
  await until(url, last, "run.waiting");
  expect(server.told().match(/not offered/g)).toHaveLength(1);
});

test("without --watch an edit waits for the next start; what cannot be offered is said, and the rest is served", async () => {
  const files = {
    ...FILES,
    "orch.config.json": JSON.stringify({
      orchestrations: {
        article: { file: "./article.mjs" },
        twin: { file: "./article.mjs" },
        broken: { file: "./broken.mjs" },
        odd: { file: "./odd.mjs" },
      },
    }),
    "broken.mjs": "export default (",
    "odd.mjs": `${HOLDING}\nexport const input = { type: "string" };`,
  };
  await using box = await sandbox("", files);
  const { url, told } = await started(box);
  const { orchestrations } = (await call(url, "/v1/orchestrations")) as {
    orchestrations: { name: string }[];
  };
  expect(orchestrations.map(({ name }) => name)).toEqual(["article", "research", "review"]);
  expect(told()).toContain('"twin" is not offered as typed runs: It has the id "article", as article has');
  expect(told()).toContain(
    '"broken" is not offered as typed runs: The orchestration "broken" cannot be loaded',
  );
  expect(told()).toContain('Its export "input" is no schema.');
  await writeFile(join(box.folder, "article.mjs"), asking("Printed"));
  const run = await start(url, "article", { topic: "tides" });
  await until(url, run, "run.waiting");
  const [question] = (await call(url, `/v1/runs/${run}`))["questions"] as { question: string }[];
  const body = JSON.stringify({ question: question!.question, answer: true });
  await fetch(`${url}/v1/runs/${run}/answers`, { method: "POST", body });
  expect(await whole(url, run)).toContain('"output":"Published."');
  const report = await start(url, "research", "platypus");
  expect(await whole(url, report)).toContain("event: run.completed");
});

/** Waits until a server starts nothing more. What does not fit is refused before that too, so nothing is started by asking. */
async function untilClosing(url: string): Promise<void> {
  const init = { method: "POST", body: JSON.stringify({ orchestration: "hold", input: 5 }) };
  while ((await fetch(`${url}/v1/runs`, init)).status !== 503);
}
