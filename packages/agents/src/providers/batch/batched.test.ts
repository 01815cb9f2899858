/** Model calls in batches, over a real socket: both kinds of batches, three formats, and a process that begins anew. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { type Answered, type BatchServer, type Body, batchServer } from "../../../test/batch-server.ts";
import { agent } from "../../agent/agent.ts";
import { tool } from "../../agent/tool.ts";
import { generate } from "../../model/generate.ts";
import { runAgent } from "../../run/runner.ts";
import { userMessage } from "../../words/message.ts";
import type { Model } from "../../words/model.ts";
import { anthropic } from "../anthropic/anthropic.ts";
import { openai } from "../openai/openai.ts";
import { openaiCompatible } from "../openai-compatible/openai-compatible.ts";
import type { BatchOptions } from "./batch-fetch.ts";
import { ticketFolder } from "./batch-ticket.ts";
import { type BatchedOptions, batched } from "./batched.ts";

const KEY = "sk-secret-key-of-a-test";
let server: BatchServer | undefined;
afterEach(() => server?.close());

/** Time passes at once, and what the provider does meanwhile happens at each look. */
function hasty(meanwhile: (looks: number) => void = finished): Clock {
  let looks = 0;
  const after: Clock["after"] = (ms, fire) => {
    if (ms > 1_000_000_000) return () => undefined;
    return systemClock.after(0, () => {
      if (ms === 60_000) meanwhile(++looks);
      fire();
    });
  };
  return { now: systemClock.now, after };
}
function finished(): void {
  for (const batch of server?.batches ?? []) batch.status = "completed";
}

const usage = {
  input_tokens: 10,
  output_tokens: 5,
  total_tokens: 15,
  prompt_tokens: 10,
  completion_tokens: 5,
};
const call = { name: "look", arguments: '{"at":"sky"}' };

/** What each format says: a call of the tool first, and then a text. */
const said = {
  responses: (first: boolean) => ({
    id: "r1",
    object: "response",
    model: "m",
    status: "completed",
    usage,
    output: first
      ? [{ type: "function_call", id: "fc", call_id: "c1", status: "completed", ...call }]
      : [
          {
            type: "message",
            id: "m1",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text: "blue", annotations: [] }],
          },
        ],
  }),
  chat: (first: boolean) => ({
    id: "x",
    object: "chat.completion",
    model: "m",
    usage,
    choices: [
      first
        ? {
            index: 0,
            finish_reason: "tool_calls",
            message: {
              role: "assistant",
              content: null,
              tool_calls: [{ id: "c1", type: "function", function: call }],
            },
          }
        : { index: 0, finish_reason: "stop", message: { role: "assistant", content: "blue" } },
    ],
  }),
  messages: (first: boolean) => ({
    id: "msg",
    type: "message",
    role: "assistant",
    model: "m",
    usage,
    stop_sequence: null,
    stop_reason: first ? "tool_use" : "end_turn",
    content: first
      ? [
          { type: "thinking", thinking: "the sky", signature: "sig" },
          { type: "tool_use", id: "c1", name: "look", input: { at: "sky" } },
        ]
      : [{ type: "text", text: "blue", citations: null }],
  }),
};

type Format = keyof typeof said;
const makers: { readonly [format in Format]: (outside: BatchedOptions, url: string) => Model } = {
  responses: (outside, url) => openai({ ...outside, apiKey: KEY, model: "gpt-5", baseURL: `${url}/v1` }),
  chat: (outside, url) =>
    openaiCompatible({ ...outside, provider: "lab", apiKey: KEY, model: "m", baseURL: `${url}/v1` }),
  messages: (outside, url) =>
    anthropic({ ...outside, apiKey: KEY, model: "claude-sonnet-5-5", baseURL: url }),
};
const formats = Object.keys(said) as readonly Format[];

async function lab(
  format: Format,
  options: BatchOptions = {},
  answer: (body: Body) => Answered = (body) => ({
    body: said[format](JSON.stringify(body).includes("c1") === false),
  }),
): Promise<Model> {
  server ??= await batchServer(answer);
  const { url } = server;
  return batched((outside) => makers[format](outside, url), { clock: hasty(), ...options });
}
afterEach(() => {
  server = undefined;
});

const ask = (text: string): Parameters<typeof generate>[1] => ({
  messages: [userMessage(text)],
  signal: new AbortController().signal,
});

it.each(formats)(
  "runs an agent with a tool through batches of %s, and sends the whole conversation",
  async (format) => {
    const states: string[] = [];
    const model = await lab(format, { onState: ({ status }) => states.push(status) });
    const look = tool({
      name: "look",
      description: "looks",
      input: z.object({ at: z.string() }),
      invoke: async ({ at }) => `${at} is blue`,
    });
    const result = await runAgent(agent({ name: "a", model, tools: [look] }), "what colour?");
    expect(result).toMatchObject({ stopReason: "done", output: "blue" });
    expect(result.usage).toMatchObject({ input: 20, output: 10 });
    expect(server?.batches.map(({ requests }) => requests.length)).toEqual([1, 1]);
    const [first, second] = server!.batches.map(({ requests }) => requests[0]!.body);
    expect(first).not.toHaveProperty("stream");
    expect(first).not.toHaveProperty("stream_options");
    expect(JSON.stringify(second)).toContain("sky is blue");
    if (format === "messages") expect(JSON.stringify(second)).toContain('"signature":"sig"');
    expect(new Set(server?.keys)).toEqual(new Set([`Bearer ${KEY}`]));
    expect(states).toContain("in_progress");
  },
);

it("puts calls that come together into one batch, and gives each its own answer", async () => {
  const model = await lab("chat", {}, (body) => ({
    body: {
      model: "m",
      usage,
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          message: { content: (body["messages"] as { content: string }[])[0]?.content },
        },
      ],
    },
  }));
  const texts = ["one", "two", "three"];
  const answers = await Promise.all(texts.map((text) => generate(model, ask(text))));
  expect(answers.map(({ message }) => message.content[0])).toMatchObject(
    texts.map((text) => ({ type: "text", text })),
  );
  expect(server?.batches.map(({ requests }) => requests.length)).toEqual([3]);
});

it("asks twice when the same question is asked twice at once", async () => {
  const model = await lab("chat");
  await Promise.all([generate(model, ask("same")), generate(model, ask("same"))]);
  expect(server?.batches[0]?.requests.length).toBe(2);
});

it("finds its batch again in another process, and pays nothing twice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-batches-"));
  const tickets = ticketFolder(join(folder, "kept"));
  const first = new AbortController();
  const begun = await lab("messages", { tickets, clock: hasty((looks) => looks === 2 && first.abort()) });
  const ended = await generate(begun, { ...ask("hello"), signal: first.signal });
  expect(ended.message.finish.reason).toBe("aborted");
  expect(await readdir(join(folder, "kept"))).toHaveLength(1);
  const again = await lab("messages", { tickets: ticketFolder(join(folder, "kept")) });
  const { message } = await generate(again, ask("hello"));
  expect(message.finish.reason).toBe("tool-calls");
  expect(server?.batches).toHaveLength(1);
  expect(await readdir(join(folder, "kept"))).toEqual([]);
  await rm(folder, { recursive: true });
});

it.each<[string, Format, Answered, string]>([
  [
    "an error of one request",
    "chat",
    { status: 400, body: { error: { message: "maximum context length", code: "context_length_exceeded" } } },
    "context-length",
  ],
  [
    "a request that OpenAI did not run",
    "responses",
    { line: { response: null, error: { code: "batch_expired", message: "late" } } },
    "timeout",
  ],
  ["a request that Anthropic did not run", "messages", { line: { result: { type: "expired" } } }, "timeout"],
  ["a batch that was cancelled", "messages", { line: { result: { type: "canceled" } } }, "bad-request"],
  [
    "an overloaded Anthropic",
    "messages",
    {
      line: {
        result: {
          type: "errored",
          error: { type: "error", error: { type: "overloaded_error", message: "busy" } },
        },
      },
    },
    "overloaded",
  ],
  ["an answer that is missing", "messages", { line: { custom_id: "other" } }, "server"],
])("tells %s as the request alone would", async (_what, format, answer, kind) => {
  const model = await lab(format, {}, () => answer);
  const { message } = await generate(model, ask("hi"));
  expect(message.finish).toMatchObject({ reason: "error", error: { kind } });
  expect(JSON.stringify(message)).not.toContain(KEY);
});

it("tells why a whole batch failed, and why one was not taken", async () => {
  const fail = (): void => {
    for (const batch of server?.batches ?? []) batch.status = "failed";
  };
  const failing = await lab("responses", { clock: hasty(fail) });
  const { message } = await generate(failing, ask("hi"));
  expect(message.finish.error).toMatchObject({
    kind: "bad-request",
    message: expect.stringContaining("Line 1 is too long"),
  });
  await server?.close();
  server = await batchServer(
    () => ({ body: {} }),
    (_path, response) => {
      response
        .writeHead(401, { "content-type": "application/json" })
        .end('{"error":{"message":"no","code":"invalid_api_key"}}');
      return true;
    },
  );
  const refused = await generate(await lab("chat"), ask("hi"));
  expect(refused.message.finish.error).toMatchObject({ kind: "auth", status: 401 });
});

it("goes on looking when a look fails in a way that may pass", async () => {
  let fails = 3;
  server = await batchServer(
    () => ({ body: said.chat(false) }),
    (path, response) => {
      if (!/batches\/./.test(path) || fails-- <= 0) return false;
      if (fails === 1) response.destroy();
      else response.writeHead(503).end();
      return true;
    },
  );
  const { message } = await generate(await lab("chat"), ask("hi"));
  expect(message.finish.reason).toBe("stop");
});

it("halves the price of the model", async () => {
  server = await batchServer(() => ({ body: {} }));
  const { url } = server;
  const price = { input: 2, output: 8, cacheRead: 1 };
  const model = batched((outside) =>
    openai({ ...outside, apiKey: KEY, model: "gpt-5", baseURL: url, price }),
  );
  expect(model.caps.price).toEqual({ input: 1, output: 4, cacheRead: 0.5 });
});
