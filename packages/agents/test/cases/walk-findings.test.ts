/** What the random walk found, each as a case of its own. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { codeExecution, webSearch } from "../../src/provider-tools.ts";
import { fromAiSdk } from "../../src/providers/ai-sdk/from-ai-sdk.ts";
import { openaiCompatible } from "../../src/providers/openai-compatible/openai-compatible.ts";
import { runAgent } from "../../src/run/runner.ts";
import { type FilePart, type Message, userMessage } from "../../src/words/message.ts";
import {
  answeringServer,
  claude,
  compatible,
  dialects,
  gpt,
  refuse,
  sayBlocks,
  sayChunks,
  sayItems,
} from "./answering-server.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const bytes = (data: string, mediaType = "image/png"): FilePart => ({
  type: "file",
  mediaType,
  data,
  name: "it",
});

for (const dialect of dialects) {
  test.each([
    ["bytes that are not base64", bytes("not base64!"), "its bytes are not base64"],
    ["a text file without text", bytes(btoa(" \n"), "text/plain"), "it holds no text"],
    ["a document that is not base64", bytes("%PDF-1.4 %%EOF", "application/pdf"), "its bytes are not base64"],
  ])(`point 1: ${dialect.name} is not sent %s, and the user is told`, async (_, file, why) => {
    const server = await answeringServer((res) => dialect.say(res, { text: "ok" }));
    const { stopReason, warnings } = await runAgent(agent({ name: "a", model: dialect.model(server.url) }), [
      { role: "user", content: [{ type: "text", text: "See." }, file] },
    ]);
    expect(stopReason).toBe("done");
    expect(JSON.stringify(server.bodies[0])).not.toContain(file.data);
    expect(warnings.join()).toContain(`it (${file.mediaType}) is left out: ${why}`);
  });

  test(`point 1: ${dialect.name} is sent a picture without its padding with it`, async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "ok" }));
    await runAgent(agent({ name: "a", model: dialect.model(server.url) }), [
      { role: "user", content: [{ type: "text", text: "See." }, bytes(PNG.replaceAll("=", ""))] },
    ]);
    expect(JSON.stringify(server.bodies[0])).toContain(PNG);
  });

  test(`point 1: ${dialect.name} is sent something where all that was said is blank`, async () => {
    const server = await answeringServer((res) => dialect.say(res, { text: "ok" }));
    const { stopReason } = await runAgent(agent({ name: "a", model: dialect.model(server.url) }), "  ");
    const [{ messages, input }] = server.bodies;
    expect([stopReason, (messages ?? input).length]).toEqual(["done", 1]);
  });
}

test.each([
  ["openai", gpt, (url: string) => gpt.model(url)],
  [
    "the preset openai",
    compatible,
    (url: string) =>
      openaiCompatible({ provider: "o", preset: "openai", model: "m", baseURL: `${url}/v1`, apiKey: "k" }),
  ],
  ["ai-sdk", gpt, (url: string) => dialects.find(({ name }) => name === "ai-sdk")!.model(url)],
] as const)("a session id of any length is a cache key that %s takes", async (_, dialect, model) => {
  const server = await answeringServer((res) => dialect.say(res, { text: "ok" }));
  for (const sessionId of ["short", "s".repeat(200), `${"s".repeat(200)}2`])
    await runAgent(agent({ name: "a", model: model(server.url), settings: { sessionId } }), "go");
  const keys = server.bodies.map(({ prompt_cache_key }) => prompt_cache_key as string);
  expect(keys[0]).toBe("short");
  expect(new Set(keys).size).toBe(3);
  expect(Math.max(...keys.map((key) => key.length))).toBeLessThanOrEqual(64);
});

test("a history with calls declares their tools to Anthropic's models behind the AI SDK, and lets none be called", async () => {
  const look = tool({ name: "look", description: "x", input: z.object({}), invoke: () => "seen" });
  const server = await answeringServer((res, { n }) =>
    claude.say(res, n === 1 ? { calls: [{ id: "c1", name: "look", input: {} }] } : { text: "ok" }),
  );
  const model = fromAiSdk(createAnthropic({ apiKey: "k", baseURL: `${server.url}/v1` })("claude-x"));
  const { messages } = await runAgent(agent({ name: "a", model, tools: [look] }), "go");
  const { stopReason } = await runAgent(agent({ name: "b", model }), [...messages, userMessage("and?")]);
  expect(stopReason).toBe("done");
  expect(server.bodies[2].tools).toMatchObject([{ name: "look" }]);
});

test("pictures that no provider behind the AI SDK takes are left out there", async () => {
  const sdk = dialects.find(({ name }) => name === "ai-sdk")!;
  const server = await answeringServer((res) => sdk.say(res, { text: "ok" }));
  const { warnings } = await runAgent(agent({ name: "a", model: sdk.model(server.url) }), [
    { role: "user", content: [{ type: "text", text: "See." }, bytes(btoa("<svg/>"), "image/svg+xml")] },
  ]);
  expect(JSON.stringify(server.bodies[0])).not.toContain("image/svg+xml;base64");
  expect(warnings.join()).toContain("it (image/svg+xml) is left out");
});

test("A14: figures of a provider that were too much once are not believed again", async () => {
  const long: readonly Message[] = Array.from({ length: 30 }, (_, at) =>
    userMessage(`${at} ${"word ".repeat(300)}`),
  );
  const server = await answeringServer((res, { raw }) =>
    raw.length > 9_000
      ? refuse(res, 400, { error: { message: "prompt is too long: 1200000 tokens > 1100000 maximum" } })
      : compatible.say(res, { text: "ok" }),
  );
  const { stopReason } = await runAgent(agent({ name: "a", model: compatible.model(server.url) }), long);
  expect([stopReason, server.bodies.length]).toEqual(["done", 3]);
});

for (const dialect of dialects) {
  test(`A03: ${dialect.name} refuses a control character in an answer that has thinking beside it: this turn and the next one answer`, async () => {
    const server = await answeringServer((res, { raw }) =>
      /\\u0000/.test(raw)
        ? dialect.refuse(res, "invalid character: null byte in string")
        : dialect.say(res, { text: "ok" }),
    );
    const model = dialect.model(server.url);
    const metadata = { openai: { itemId: "msg_1", reasoningEncryptedContent: "enc" } };
    const thought = {
      encrypted_content: "enc",
      id: "rs_1",
      type: "reasoning",
      summary: [],
      signature: "sig",
      metadata,
    };
    const call = { type: "tool-call", id: "call_1", name: "look", rawInput: "{}", input: {} } as const;
    const history: readonly Message[] = [
      userMessage("Go."),
      {
        role: "assistant",
        origin: model.id,
        finish: { reason: "tool-calls" },
        content: [
          { type: "reasoning", text: "hm", opaque: thought },
          { type: "text", text: "a \u0000 b", opaque: { id: "msg_1", metadata } },
          call,
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "call_1", name: "look", output: "c \u0000 d" }] },
      {
        role: "assistant",
        origin: model.id,
        finish: { reason: "stop" },
        content: [{ type: "text", text: "Well." }],
      },
    ];
    const first = await runAgent(agent({ name: "a", model }), [...history, userMessage("And?")]);
    expect([first.stopReason, first.failure?.message]).toEqual(["done", undefined]);
    const next = await runAgent(agent({ name: "a", model }), [...first.messages, userMessage("So?")]);
    expect(next.stopReason).toBe("done");
  });
}

test("a message in which only a tool of the server ran is no empty message the next time", async () => {
  const server = await answeringServer((res, { n }) => {
    if (n > 1) return compatible.say(res, { text: "ok" });
    const executed_tools = [{ index: 0, type: "search", arguments: "{}", output: "found" }];
    return sayChunks(res, [{ delta: { executed_tools } }, { finish_reason: "stop" }]);
  });
  const one = agent({ name: "a", model: compatible.model(server.url) });
  const { messages } = await runAgent(one, "go");
  const { stopReason } = await runAgent(one, [...messages, userMessage("on")]);
  expect(stopReason).toBe("done");
  const empty = server.bodies[1].messages.filter(({ content }: { content: string }) => content === "");
  expect(empty).toEqual([]);
});

const picture = { type: "image", url: `data:image/png;base64,${PNG}` };
const code = {
  type: "code_interpreter_call",
  id: "ci_1",
  status: "completed",
  container_id: "c",
  code: "\u0000",
};

test.each([
  ["a picture that it made itself", "Could not process image", PNG],
  ["a control character in what it ran itself", "invalid character: null byte in string", "\\u0000"],
])("point 1: OpenAI refuses %s, and the conversation goes on without it", async (_, message, mark) => {
  const server = await answeringServer((res, { n, raw }) => {
    if (n === 1) return sayItems(res, [{ ...code, outputs: [picture] }]);
    return raw.includes(mark) ? gpt.refuse(res, message) : gpt.say(res, { text: "ok" });
  });
  const one = agent({ name: "a", model: gpt.model(server.url), tools: [codeExecution()] });
  const { messages } = await runAgent(one, "go");
  const { stopReason, warnings } = await runAgent(one, [...messages, userMessage("on")]);
  expect([stopReason, server.bodies.length]).toEqual(["done", 3]);
  expect(warnings.join()).toContain("The call is made again");
});

test("a search that failed at Anthropic goes back as a failure through the AI SDK, and the next turn answers", async () => {
  const error = { type: "web_search_tool_result_error", error_code: "max_uses_exceeded" };
  const server = await answeringServer((res, { n }) =>
    n > 1
      ? claude.say(res, { text: "ok" })
      : sayBlocks(res, [
          { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "tea" } },
          { type: "web_search_tool_result", tool_use_id: "srv_1", content: error },
          { type: "text", text: "Nothing." },
        ]),
  );
  const sdk = createAnthropic({ apiKey: "k", baseURL: `${server.url}/v1` })("claude-sonnet-5-5");
  const one = agent({ name: "a", model: fromAiSdk(sdk), tools: [webSearch()] });
  const { messages } = await runAgent(one, "go");
  const { stopReason } = await runAgent(one, [...messages, userMessage("on")]);
  expect(stopReason).toBe("done");
  expect(server.bodies[1].messages[1].content[1]).toMatchObject({ tool_use_id: "srv_1", content: error });
});
