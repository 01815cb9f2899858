import { expect, test } from "vitest";
import { z } from "zod";
import { figure } from "../../../../scripts/lanes.ts";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { keepRecent } from "../../src/compaction/keep-recent.ts";
import { runAgent } from "../../src/run/runner.ts";
import type { AgentEvent } from "../../src/words/events.ts";
import { type AssistantMessage, type FilePart, type Message, userMessage } from "../../src/words/message.ts";
import type { Model } from "../../src/words/model.ts";
import {
  answeringServer,
  type Body,
  claude,
  compatible,
  type Dialect,
  dialects,
  gpt,
  refuse,
} from "./answering-server.ts";

const LONG: readonly Message[] = Array.from({ length: 12 }, (_, at) =>
  userMessage(`${at} ${"word ".repeat(200)}`),
);

/** How servers say that the input is too long: status, body of the error. */
const TOO_LONG: readonly [string, number, Body][] = [
  [
    "OpenAI",
    400,
    {
      message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
      code: "context_length_exceeded",
    },
  ],
  [
    "Anthropic",
    400,
    { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" },
  ],
  [
    "Gemini",
    400,
    {
      code: 400,
      message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
      status: "INVALID_ARGUMENT",
    },
  ],
  [
    "llama.cpp",
    400,
    {
      message: "the request exceeds the available context size (4096 tokens), try increasing it",
      type: "exceed_context_size_error",
      n_prompt_tokens: 5000,
      n_ctx: 4096,
    },
  ],
  ["a gateway", 400, { message: "Input length 20000 exceeds model maximum 16384" }],
  [
    "LM Studio",
    400,
    {
      message:
        "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens",
    },
  ],
  [
    "xAI",
    400,
    { message: "This model's maximum prompt length is 131072 but the request contains 537812 tokens." },
  ],
  ["Groq", 400, { message: "Please reduce the length of the messages or completion." }],
  [
    "Mistral",
    400,
    {
      message:
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
      type: "invalid_request_error",
    },
  ],
  [
    "Kimi",
    400,
    {
      message: "Invalid request: Your request exceeded model token limit: 8192",
      type: "invalid_request_error",
    },
  ],
  [
    "SGLang",
    400,
    { message: "The input (9000 tokens) is longer than the model's context length (8192 tokens)." },
  ],
  ["Bedrock", 400, { message: "Input is too long for requested model." }],
  ["a server that says 500", 500, { message: "input length exceeds maximum context length" }],
];

for (const [who, status, error] of TOO_LONG) {
  test(`A14: the words of ${who} for "too long" are understood, and a shorter conversation goes out once`, async () => {
    const server = await answeringServer((res, { raw }) =>
      raw.length > 9_000 ? refuse(res, status, { error }) : compatible.say(res, { text: "short enough" }),
    );
    const events: AgentEvent[] = [];
    const result = await runAgent(agent({ name: "a", model: compatible.model(server.url) }), LONG, {
      onEvent: (event) => events.push(event),
    });
    expect([result.stopReason, result.output]).toEqual(["done", "short enough"]);
    expect(server.bodies.length).toBeLessThanOrEqual(3);
    expect(result.messages.slice(0, LONG.length), "the conversation itself stays whole").toEqual(LONG);
    expect(result.warnings.join()).toMatch(/shorter conversation/);
    const kinds = events.map((event) => (event.type === "agent.model" ? event.event.type : event.type));
    expect(kinds.filter((kind) => kind === "start" || kind === "finish")).toEqual(["start", "finish"]);
    expect(kinds).toContain("agent.warning");
  });
}

test("A14: what cannot be made shorter ends as context-length, after one call", async () => {
  const server = await answeringServer((res) => refuse(res, 400, { error: TOO_LONG[4]![2] }));
  const result = await runAgent(agent({ name: "a", model: compatible.model(server.url) }), "go");
  expect([result.stopReason, result.failure?.kind]).toEqual(["error", "context-length"]);
  expect(server.bodies).toHaveLength(1);
});

test("A14: one text that is too long by itself is cut, and one long result of a tool", async () => {
  for (const long of [[userMessage("word ".repeat(8_000))], [userMessage("Look.")]]) {
    const read = tool({
      name: "read",
      description: "Reads.",
      input: z.object({}),
      invoke: async () => "line\n".repeat(8_000),
    });
    const server = await answeringServer((res, { raw }) => {
      if (raw.length > 20_000) return refuse(res, 400, { error: TOO_LONG[0]![2] });
      const wantsTool =
        long[0]!.content[0]!.type === "text" && raw.includes("Look.") && !raw.includes("tool_call_id");
      compatible.say(res, wantsTool ? { calls: [{ id: "c1", name: "read", input: {} }] } : { text: "ok" });
    });
    const result = await runAgent(
      agent({ name: "a", model: compatible.model(server.url), tools: [read] }),
      long,
    );
    expect([result.stopReason, result.failure?.message]).toEqual(["done", undefined]);
  }
});

test("A14: the agent's own compaction is asked first, with the limit that the provider told", async () => {
  const server = await answeringServer((res, { raw }) =>
    raw.length > 9_000 ? refuse(res, 400, { error: TOO_LONG[0]![2] }) : compatible.say(res, { text: "ok" }),
  );
  const limits: (number | undefined)[] = [];
  const keep = keepRecent({ above: 50_000 });
  const model = compatible.model(server.url);
  const one = agent({
    name: "a",
    model,
    prepare: (messages, context) => {
      limits.push(context.limit);
      return keep(messages, context);
    },
  });
  const result = await runAgent(one, LONG);
  expect(result.stopReason).toBe("done");
  expect(limits[0]).toBeUndefined();
  expect(limits[1]).toBeGreaterThan(500);
  expect(limits[1]).toBeLessThan(3_000);
});

/** A file whose bytes say nothing about it, so that only the provider can tell. */
const odd: FilePart = { type: "file", mediaType: "image/png", data: "AAAABBBB", name: "odd.png" };
const fine: FilePart = { type: "file", mediaType: "image/png", data: "CCCCDDDD", name: "fine.png" };

function said(model: Model, content: AssistantMessage["content"]): AssistantMessage {
  const calls = content.some(({ type }) => type === "tool-call");
  return { role: "assistant", origin: model.id, finish: { reason: calls ? "tool-calls" : "stop" }, content };
}

const call = (more: object = {}): AssistantMessage["content"][number] => ({
  type: "tool-call",
  id: "call_1",
  name: "view",
  rawInput: '{"p":"POISON-CALL"}',
  input: { p: "POISON-CALL" },
  ...more,
});
const result = (output: string | FilePart[] = "page"): Message => ({
  role: "tool",
  content: [{ type: "tool-result", id: "call_1", name: "view", output }],
});

interface Poison {
  readonly kind: string;
  /** What the body holds when the poison is in it. */
  readonly mark: RegExp;
  readonly says: (dialect: Dialect) => string;
  readonly history: (model: Model) => readonly Message[];
  readonly not?: readonly Dialect["name"][];
}

const opaque = {
  signature: "POISON-SIG",
  encrypted_content: "POISON-SIG",
  id: "rs_poison",
  type: "reasoning",
  summary: [],
  field: "reasoning_content",
  metadata: { openai: { itemId: "rs_poison", reasoningEncryptedContent: "POISON-SIG" } },
};

const poisons: readonly Poison[] = [
  {
    kind: "a picture of the user",
    mark: /AAAABBBB/,
    says: () => "Could not process image",
    history: () => [{ role: "user", content: [{ type: "text", text: "See." }, odd] }],
  },
  {
    kind: "a picture in a tool's result",
    mark: /AAAABBBB/,
    says: () =>
      "messages.2.content.0.tool_result.content.0.image.source.base64: the image was specified wrongly",
    history: (model) => [userMessage("See."), said(model, [call()]), result([odd])],
  },
  {
    kind: "a document",
    mark: /UE9JU09O/,
    says: () => "The PDF specified was not valid.",
    history: () => [
      {
        role: "user",
        content: [{ type: "file", mediaType: "application/pdf", data: "UE9JU09O", name: "p.pdf" }],
      },
    ],
  },
  {
    kind: "thinking that does not fit",
    mark: /POISON-SIG|POISON-THOUGHT/,
    says: ({ name }) =>
      name !== "anthropic"
        ? "The encrypted content could not be verified."
        : "messages.1.content.0: Invalid `signature` in `thinking` block",
    history: (model) => [
      userMessage("Go."),
      said(model, [
        { type: "reasoning", text: "POISON-THOUGHT", opaque },
        { type: "text", text: "Well." },
      ]),
    ],
    // Its generic preset sends no thinking back.
    not: ["openai-compatible"],
  },
  {
    kind: "an item of a tool at the provider",
    mark: /POISON-ITEM/,
    says: ({ name }) =>
      name === "openai"
        ? "Item 'ws_1' of type 'web_search_call' is not valid"
        : "messages.1.content.0: server_tool_use without its result",
    history: (model) => [
      userMessage("Go."),
      said(model, [
        {
          type: "text",
          text: "",
          opaque: {
            item: {
              type: "web_search_call",
              id: "ws_1",
              status: "completed",
              action: { type: "search", query: "POISON-ITEM" },
            },
            block: {
              type: "server_tool_use",
              id: "srvtoolu_1",
              name: "web_search",
              input: { query: "POISON-ITEM" },
            },
          },
        },
        { type: "text", text: "Found." },
      ]),
    ],
    not: ["openai-compatible", "ai-sdk"],
  },
  {
    kind: "a call of a tool",
    mark: /"(?:tool_calls|tool_use|function_call)"/,
    says: () => "Function call is missing a thought_signature in functionCall parts.",
    history: (model) => [userMessage("Go."), said(model, [call()]), result()],
  },
  {
    kind: "a control character",
    mark: /\\u0000/,
    says: () => "invalid character: null byte in string",
    history: () => [userMessage("a \u0000 b")],
  },
  {
    kind: "a control character in a tool's result",
    mark: /\\u0001/,
    says: () => "text contains invalid unicode: control character",
    history: (model) => [userMessage("Go."), said(model, [call()]), result("a \u0001 b")],
  },
  {
    kind: "something that the provider does not name",
    mark: /AAAABBBB/,
    says: () => "Bad Request",
    history: () => [{ role: "user", content: [{ type: "text", text: "See." }, odd] }],
  },
];

const counted = { cases: 0, healed: 0 };

for (const dialect of dialects) {
  for (const { kind, mark, says, history, not } of poisons) {
    if (not?.includes(dialect.name)) continue;
    counted.cases++;
    test(`A03: ${dialect.name} refuses ${kind}: this turn and the next one answer, and the user is told`, async () => {
      const server = await answeringServer((res, { raw }) =>
        mark.test(raw) ? dialect.refuse(res, says(dialect)) : dialect.say(res, { text: "I go on." }),
      );
      const model = dialect.model(server.url);
      const one = agent({ name: "a", model });
      const poisoned = [...history(model), userMessage("And?")];
      const first = await runAgent(one, poisoned);
      expect([first.stopReason, first.failure?.message]).toEqual(["done", undefined]);
      expect(mark.test(JSON.stringify(server.bodies[0])), "the poison was there").toBe(true);
      expect(first.warnings.length).toBeGreaterThan(0);
      const before = server.bodies.length;
      const next = await runAgent(one, [...first.messages, userMessage("hello")]);
      expect(next.stopReason).toBe("done");
      expect(server.bodies.length - before, "what was refused once is not sent again").toBe(1);
      expect(next.warnings.length, "nor left out in silence").toBeGreaterThan(0);
      // As after a restart: plain data, and a model that knows nothing.
      const stored = JSON.parse(JSON.stringify(first.messages)) as Message[];
      const later = await runAgent(agent({ name: "a", model: dialect.model(server.url) }), [
        ...stored,
        userMessage("hello"),
      ]);
      expect(later.stopReason).toBe("done");
      counted.healed++;
    });
  }

  test(`A03: only the newest of the pictures is left out when ${dialect.name} answered the ones before`, async () => {
    const server = await answeringServer((res, { raw }) =>
      raw.includes("AAAABBBB")
        ? dialect.refuse(res, "Could not process image")
        : dialect.say(res, { text: "seen" }),
    );
    const model = dialect.model(server.url);
    const answer = await runAgent(agent({ name: "a", model }), [
      { role: "user", content: [{ type: "text", text: "One." }, fine] },
      said(model, [{ type: "text", text: "A dot." }]),
      { role: "user", content: [{ type: "text", text: "Two." }, odd] },
    ]);
    expect(answer.stopReason).toBe("done");
    expect(server.bodies).toHaveLength(2);
    expect(JSON.stringify(server.bodies[1])).toContain("CCCCDDDD");
    expect(answer.warnings.join()).toContain("odd.png");
    expect(answer.warnings.join()).not.toContain("fine.png");
  });

  test(`point 1: a schema that ${dialect.name} refuses is told in words, and the other tools keep theirs`, async () => {
    const bad = tool({
      name: "bad_one",
      description: "x",
      input: z.object({ POISON: z.string() }),
      invoke: async () => "ran",
    });
    const good = tool({
      name: "good",
      description: "x",
      input: z.object({ sound: z.string() }),
      invoke: async () => "page",
    });
    const server = await answeringServer((res, { body, n }) => {
      const tools: Body[] = body.tools ?? [];
      const at = tools.findIndex((one) =>
        JSON.stringify(one.parameters ?? one.input_schema ?? one.function?.parameters).includes("POISON"),
      );
      if (at >= 0)
        return dialect.refuse(
          res,
          dialect.name === "anthropic"
            ? `tools.${at}.custom.input_schema: JSON schema is invalid`
            : "Invalid schema for function 'bad_one': 'x' is not permitted",
        );
      dialect.say(
        res,
        n === 2 ? { calls: [{ id: "c1", name: "bad_one", input: { POISON: "a" } }] } : { text: "ok" },
      );
    });
    const answer = await runAgent(
      agent({ name: "a", model: dialect.model(server.url), tools: [good, bad] }),
      "go",
    );
    expect([answer.stopReason, answer.failure?.message]).toEqual(["done", undefined]);
    expect(JSON.stringify(answer.messages)).toContain("ran");
    expect(JSON.stringify(server.bodies[1])).toContain('"sound"');
    expect(answer.warnings.join()).toContain('"bad_one"');
    expect(server.bodies, "asked once more, and then known").toHaveLength(3);
  });

  test(`a refusal that no part is the reason of is not asked again of ${dialect.name}`, async () => {
    for (const text of [
      "Unsupported parameter: 'temperature'",
      "rejected by our content policy",
      "Bad Request",
    ]) {
      const server = await answeringServer((res) => dialect.refuse(res, text));
      const model = dialect.model(server.url);
      const answer = await runAgent(agent({ name: "a", model }), [
        {
          role: "user",
          content:
            text === "Bad Request" ? [{ type: "text", text: "hi" }] : [{ type: "text", text: "hi" }, fine],
        },
      ]);
      const refused = text.includes("policy");
      expect([answer.stopReason, answer.failure?.kind]).toEqual(
        refused ? ["refusal", "refused"] : ["error", "bad-request"],
      );
      expect(server.bodies).toHaveLength(1);
    }
  });
}

test("A03: the poison suite healed every conversation", () => {
  figure(
    `poison suite: ${counted.healed} of ${counted.cases} poisoned conversations answer, ${dialects.length} adapters, ${poisons.length} kinds`,
  );
  expect(counted.healed).toBe(counted.cases);
});

test("A02: a 404 that names an item does not ask about the base URL", async () => {
  const server = await answeringServer((res) => gpt.refuse(res, "Item with id 'rs_1' not found.", 404));
  const answer = await runAgent(agent({ name: "a", model: gpt.model(server.url) }), "go");
  expect(answer.failure?.message).toContain("rs_1");
  expect(answer.failure?.message).not.toContain("base URL");
});

test("A03: a refusal in the middle of a run heals that turn, and the rest of the run", async () => {
  const shot = tool({
    name: "shot",
    description: "x",
    input: z.object({ n: z.number() }),
    invoke: async ({ n }) => (n === 1 ? [odd] : [fine]),
  });
  const server = await answeringServer((res, { raw, body }) => {
    if (raw.includes("AAAABBBB")) return claude.refuse(res, "Could not process image");
    const results = JSON.stringify(body).split("tool_use_id").length - 1;
    claude.say(
      res,
      results < 3
        ? { calls: [{ id: `t${results}`, name: "shot", input: { n: results } }] }
        : { text: "done" },
    );
  });
  const answer = await runAgent(agent({ name: "a", model: claude.model(server.url), tools: [shot] }), "go");
  expect([answer.stopReason, answer.failure?.message]).toEqual(["done", undefined]);
  expect(server.bodies, "four turns and one refusal").toHaveLength(5);
  expect(JSON.stringify(server.bodies[4])).toContain("CCCCDDDD");
});
