/** What servers that call themselves compatible do beyond the format: each case is something that a server was seen to do. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import type { Compat } from "../../src/providers/openai-compatible/compat.ts";
import type { Preset } from "../../src/providers/openai-compatible/presets.ts";
import { resolveModel } from "../../src/providers/resolve-model.ts";
import { runAgent } from "../../src/run/runner.ts";
import { callsOf, type Message } from "../../src/words/message.ts";
import type { Model } from "../../src/words/model.ts";
import { answeringServer, type Body, refuse, sayChunks } from "./answering-server.ts";

const view = tool({
  name: "view",
  description: "Shows a page.",
  input: z.object({ p: z.number().optional() }),
  invoke: async () => "page",
});

function model(url: string, preset: Preset = "generic", compat: Partial<Compat> = {}): Model {
  const lab = { kind: "openai-compatible", baseURL: `${url}/v1`, preset, compat } as const;
  return resolveModel("lab/m", { providers: { lab } }, { env: {} });
}

const say = (text: string): Body[] => [
  { delta: { role: "assistant", content: text } },
  { finish_reason: "stop" },
];
const call = (id: string | undefined, name: string | undefined, args: unknown, more: object = {}): Body => ({
  delta: { tool_calls: [{ index: 0, id, type: "function", function: { name, arguments: args }, ...more }] },
});
const piece = (args: string): Body => ({
  delta: { tool_calls: [{ index: 0, function: { arguments: args } }] },
});
const end = { finish_reason: "tool_calls" };

/** Runs an agent with the tool against a server that says `first` once, and then that it is done. */
async function calls(first: readonly Body[], preset: Preset = "generic") {
  const server = await answeringServer((res, { n }) => sayChunks(res, n === 1 ? first : say("done")));
  const result = await runAgent(agent({ name: "a", model: model(server.url, preset), tools: [view] }), "go");
  expect(result).toMatchObject({ stopReason: "done", output: "done" });
  const made = result.messages.flatMap((message) => (message.role === "assistant" ? callsOf(message) : []));
  return { made, bodies: server.bodies, result };
}

describe("A04: what a server wants back word for word goes back with the calls that it led to", () => {
  const thought = { type: "reasoning.text", text: "I need the page.", format: "google-gemini-v1", index: 0 };
  const sealed = {
    type: "reasoning.encrypted",
    data: "EoEDCv4",
    id: "call_1",
    format: "google-gemini-v1",
    index: 0,
  };
  const first: Body[] = [
    { delta: { role: "assistant", reasoning: "I need the page.", reasoning_details: [thought] } },
    { delta: { ...call("call_1", "view", '{"p":1}').delta, reasoning_details: [sealed] } },
    end,
  ];

  it("A04: the details of OpenRouter, unchanged and in order", async () => {
    const { bodies, result } = await calls(first, "openrouter");
    const said = bodies[1].messages.find((message: Body) => message.role === "assistant");
    expect(said).toMatchObject({ reasoning: "I need the page.", reasoning_details: [thought, sealed] });
    expect(said.tool_calls[0]).not.toHaveProperty("message");
    // To another model they do not go.
    const other = await answeringServer((res) => sayChunks(res, say("hi")));
    await runAgent(agent({ name: "b", model: model(other.url, "generic"), tools: [view] }), [
      ...result.messages.map((message) =>
        message.role === "assistant"
          ? { ...message, origin: { ...message.origin, model: "elsewhere" } }
          : message,
      ),
      { role: "user", content: [{ type: "text", text: "go on" }] },
    ]);
    expect(JSON.stringify(other.bodies)).not.toContain("reasoning_details");
  });

  it("A04, further: a text that comes in pieces is one entry with its signature, and the next block another", async () => {
    const text = (text: string, signature?: string): Body => ({
      delta: {
        reasoning_details: [{ type: "reasoning.text", index: 0, text, ...(signature && { signature }) }],
      },
    });
    const { bodies } = await calls(
      [text("one "), text("two"), text("", "sig1"), text("three", "sig2"), ...first.slice(1)],
      "openrouter",
    );
    expect(bodies[1].messages[1].reasoning_details).toEqual([
      { type: "reasoning.text", index: 0, text: "one two", signature: "sig1" },
      { type: "reasoning.text", index: 0, text: "three", signature: "sig2" },
      sealed,
    ]);
  });

  it("A04, further: the blocks of LiteLLM, also when they come after the call", async () => {
    const block = { type: "thinking", thinking: "hm", signature: "sig" };
    const { bodies } = await calls(
      [call("c1", "view", "{}"), { delta: { reasoning_content: "hm", thinking_blocks: [block] } }, end],
      "litellm",
    );
    expect(bodies[1].messages[1].thinking_blocks).toEqual([block]);
  });

  it("A04, further: the details of an answer without calls go back with its text", async () => {
    const server = await answeringServer((res) =>
      sayChunks(res, [{ delta: { reasoning: "hm", reasoning_details: [thought] } }, ...say("hi")]),
    );
    const a = agent({ name: "a", model: model(server.url, "openrouter") });
    const { messages } = await runAgent(a, "hello");
    await runAgent(a, [...messages, { role: "user", content: [{ type: "text", text: "again" }] }]);
    expect(server.bodies[1].messages[1]).toMatchObject({ content: "hi", reasoning_details: [thought] });
  });
});

describe("A05: a call is put together from all its pieces before it is told", () => {
  it.each<[string, Body[]]>([
    [
      "A05: the name comes in a later piece than the id",
      [call("c1", undefined, ""), call(undefined, "view", '{"p":1}')],
    ],
    [
      "A05, further: the name comes after all arguments",
      [call("c1", undefined, '{"p"'), piece(":1}"), call(undefined, "view", "")],
    ],
    ["A05, further: the id comes last", [call(undefined, undefined, '{"p":1}'), call("c1", "view", "")]],
    [
      "A05, further: there is no index, and the name comes late",
      [
        { delta: { tool_calls: [{ id: "c1", function: { arguments: "" } }] } },
        { delta: { tool_calls: [{ function: { name: "view", arguments: '{"p":1}' } }] } },
      ],
    ],
  ])("%s", async (_name, pieces) => {
    const { made } = await calls([...pieces, end]);
    expect(made).toMatchObject([{ id: "c1", name: "view", input: { p: 1 } }]);
  });

  it("A05, further: a call that never gets a name is told to the model, not dropped", async () => {
    const { made, bodies } = await calls([call("c1", undefined, '{"p":1}'), end]);
    expect(made).toMatchObject([{ id: "c1", name: "" }]);
    expect(bodies[1].messages.at(-1).content).toContain("Unknown tool");
  });
});

describe("A06: arguments come in more ways than in pieces", () => {
  it.each<[string, Body[], object[]]>([
    [
      "A06: as growing snapshots",
      [call("c1", "view", '{"p"'), piece('{"p":1'), piece('{"p":1}')],
      [{ p: 1 }],
    ],
    ["A06: behind a placeholder", [call("c1", "view", "{}"), piece('{"p":2}')], [{ p: 2 }]],
    [
      "A06: three calls under one id",
      [call("c1", "view", '{"p":1}'), call("c1", "view", '{"p":2}'), call("c1", "view", '{"p":3}')],
      [{ p: 1 }, { p: 2 }, { p: 3 }],
    ],
    [
      "A06, further: the same whole object twice is one call",
      [call("c1", "view", '{"p":1}'), piece('{"p":1}')],
      [{ p: 1 }],
    ],
    [
      "A06, further: behind a placeholder in pieces",
      [call("c1", "view", "{"), piece("}"), piece('{"p"'), piece(":2}")],
      [{ p: 2 }],
    ],
    [
      "A06, further: snapshots behind a placeholder",
      [call("c1", "view", "{}"), piece('{"p"'), piece('{"p":3}')],
      [{ p: 3 }],
    ],
    [
      "A06, further: snapshots that are objects",
      [call("c1", "view", {}), call("c1", "view", { p: 4 })],
      [{ p: 4 }],
    ],
    [
      "A06, further: two whole objects without a name",
      [call("c1", "view", '{"p":1}'), piece('{"p":2}')],
      [{ p: 1 }, { p: 2 }],
    ],
    ["A06, further: nothing but a placeholder", [call("c1", "view", "{}")], [{}]],
  ])("%s", async (_name, pieces, inputs) => {
    const { made } = await calls([...pieces, end]);
    expect(made.map(({ input }) => input)).toEqual(inputs);
    expect(new Set(made.map(({ id }) => id)).size).toBe(inputs.length);
  });

  it("A06, further: what stays doubtful is told to the model, as it came", async () => {
    const { made } = await calls([call("c1", "view", '{"p":1'), piece('{"p":2}'), end]);
    expect(made).toMatchObject([
      { rawInput: '{"p":1{"p":2}', invalid: expect.stringContaining("cannot be read") },
    ]);
  });
});

async function used(write: (res: Body) => void) {
  const server = await answeringServer((res) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    write({
      chunk: (body: object) => res.write(`data: ${JSON.stringify({ id: "c", model: "m", ...body })}\n\n`),
    });
    res.end("data: [DONE]\n\n");
  });
  return runAgent(agent({ name: "a", model: model(server.url) }), "go");
}
const hi = { choices: [{ index: 0, delta: { content: "hi" }, finish_reason: null }] };
const stop = { index: 0, delta: {}, finish_reason: "stop" };
const usage = { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32 };

describe("A07: usage is read wherever a server puts it", () => {
  it.each<[string, object[]]>([
    ["A07: inside the choice", [hi, { choices: [{ ...stop, usage }] }]],
    ["A07, further: in the last chunk, beside the end", [hi, { choices: [stop], usage }]],
    ["A07, further: in x_groq", [hi, { choices: [stop], x_groq: { id: "r", usage } }]],
    [
      "A07, further: in each chunk, growing",
      [
        { ...hi, usage: { prompt_tokens: 19, completion_tokens: 1 } },
        { choices: [stop], usage },
      ],
    ],
    [
      "A07, further: followed by zeros",
      [hi, { choices: [stop], usage }, { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } }],
    ],
    [
      "A07, further: one half in each of two chunks",
      [
        { ...hi, usage: { prompt_tokens: 19 } },
        { choices: [stop] },
        { choices: [], usage: { completion_tokens: 13 } },
      ],
    ],
    [
      "A07, further: after two chunks that both say the end",
      [hi, { choices: [stop] }, { choices: [stop] }, { choices: [], usage }],
    ],
  ])("%s", async (_name, chunks) => {
    const result = await used(({ chunk }: Body) => chunks.forEach(chunk));
    expect(result).toMatchObject({ stopReason: "done", usage: { input: 19, output: 13 } });
    expect(result.usage.estimated).toBeUndefined();
  });
});

describe("A10: thinking in the text is no part of the answer", () => {
  const fence = "`".repeat(3);
  const city = z.object({ city: z.string() });
  const wanted = async (text: string, preset: Preset = "ollama", compat: Partial<Compat> = {}) => {
    const server = await answeringServer((res) => sayChunks(res, say(text)));
    const lab = model(server.url, preset, compat);
    const result = await runAgent(agent({ name: "a", model: lab, output: city }), "go");
    return { result, requests: server.bodies.length };
  };

  it.each([
    [
      "A10: a draft in the thinking",
      '<think>\nThe user wants {"city": "x"} maybe.\n</think>\n{"city":"Oslo"}',
    ],
    ["A10: a fence behind the thinking", `<think>hm {}</think>${fence}json\n{"city":"Oslo"}\n${fence}`],
    ["A10: a draft in the text", 'Sure! {"note":"draft"} Final: {"city":"Oslo"}'],
    ["A10, further: two values that fit", 'First {"city":"Rome"}, no: {"city":"Oslo"}'],
    [
      "A10, further: thinking whose beginning the template wrote",
      'Maybe {"city":"x"}?\n</think>\n{"city":"Oslo"}',
    ],
    ["A10, further: Gemini's tag, after a blank", '\n <thought>{"city":"x"}</thought>{"city":"Oslo"}'],
    ["A10, further: two blocks of thinking", '<think>{"city":"x"}</think>\n<think>no</think>{"city":"Oslo"}'],
  ])("%s", async (_name, text) => {
    const { result, requests } = await wanted(text);
    expect(result).toMatchObject({ stopReason: "done", output: { city: "Oslo" } });
    expect(requests).toBe(1);
  });

  it("A10: the text is without its thinking, which is a part of its own, wherever the pieces are cut", async () => {
    const text = "<think>secret plan</think>Hello <think>out loud</think> <b>";
    for (let cut = 0; cut <= text.length; cut++) {
      const pieces = [text.slice(0, cut), ...text.slice(cut, cut + 3), text.slice(cut + 3)];
      const server = await answeringServer((res) =>
        sayChunks(res, [...pieces.map((content) => ({ delta: { content } })), { finish_reason: "stop" }]),
      );
      const result = await runAgent(agent({ name: "a", model: model(server.url, "ollama") }), "go");
      expect(result.output).toBe("Hello <think>out loud</think> <b>");
      expect(result.messages.at(-1)?.content[0]).toMatchObject({ type: "reasoning", text: "secret plan" });
    }
  });

  it("A10, further: where the template has opened the thinking, a flag says so; where nothing thinks, tags are text", async () => {
    const open = await wanted('Maybe {"city":"x"}</think>{"city":"Oslo"}', "vllm", { thinkTags: "open" });
    expect(open.result.messages.at(-1)?.content[0]).toMatchObject({
      type: "reasoning",
      text: 'Maybe {"city":"x"}',
    });
    const server = await answeringServer((res) => sayChunks(res, say("<think>is a tag</think> of mine")));
    const result = await runAgent(agent({ name: "a", model: model(server.url, "openai") }), "go");
    expect(result.output).toBe("<think>is a tag</think> of mine");
  });

  it("A10, further: thinking that never ends is thinking, and an answer that never was is no answer", async () => {
    const { result } = await wanted('<think>maybe {"city":"x"} or {"city":"y"}');
    expect(result.stopReason).toBe("invalid-output");
  });
});

describe("A11: a mistake of the model goes back to the model", () => {
  it.each<[string, (res: Body) => void]>([
    [
      "A11: malformed_function_call",
      (res) => sayChunks(res, [{ delta: { content: "" } }, { finish_reason: "malformed_function_call" }]),
    ],
    [
      "A11: the same in the words of a gateway",
      (res) => sayChunks(res, [{ finish_reason: "function_call_filter: MALFORMED_FUNCTION_CALL" }]),
    ],
    [
      "A11, further: tool_use_failed of Groq",
      (res) =>
        refuse(res, 400, {
          error: {
            message:
              "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
            type: "invalid_request_error",
            code: "tool_use_failed",
            failed_generation: "<function=view>{p:1}</function>",
          },
        }),
    ],
    [
      "A11, further: an error in the stream",
      (res) => {
        res.writeHead(200, { "content-type": "text/event-stream" });
        const error = {
          message: "Tool call validation failed: parameters for tool view did not match schema",
          code: "tool_use_failed",
        };
        res.end(`data: ${JSON.stringify({ error })}\n\n`);
      },
    ],
    [
      "A11, further: error parsing tool call of Ollama",
      (res) =>
        refuse(res, 500, {
          error: {
            message: "error parsing tool call: raw='{p:1}', err=invalid character 'p'",
            type: "api_error",
          },
        }),
    ],
  ])("%s", async (_name, fail) => {
    const server = await answeringServer((res, { n }) => (n === 1 ? fail(res) : sayChunks(res, say("done"))));
    const result = await runAgent(agent({ name: "a", model: model(server.url), tools: [view] }), "go");
    expect(result).toMatchObject({ stopReason: "done", output: "done" });
    expect(server.bodies).toHaveLength(2);
    expect(JSON.stringify(server.bodies[1].messages)).toContain("Your last answer could not be used");
    expect(result.warnings.join()).toContain("The model is told, and asked again.");
    // It is no part of the conversation.
    expect(JSON.stringify(result.messages)).not.toContain("could not be used");
  });

  it("A11, further: a mistake that is made each time ends as an error, after three calls", async () => {
    const server = await answeringServer((res) =>
      sayChunks(res, [{ finish_reason: "malformed_function_call" }]),
    );
    const result = await runAgent(agent({ name: "a", model: model(server.url), tools: [view] }), "go");
    expect(result).toMatchObject({ stopReason: "error", failure: { kind: "bad-request", retryable: false } });
    expect(server.bodies).toHaveLength(3);
  });

  it.each<[string, number, object]>([
    [
      "A11, further: a prompt that Azure refuses is a refusal",
      400,
      {
        error: {
          message:
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
          code: "content_filter",
          status: 400,
          innererror: { code: "ResponsibleAIPolicyViolation" },
        },
      },
    ],
    [
      "A11, further: a prompt that a gateway refuses is a refusal",
      400,
      {
        error: { message: "Input data may contain inappropriate content.", code: "data_inspection_failed" },
      },
    ],
  ])("%s", async (_name, status, body) => {
    const server = await answeringServer((res) => refuse(res, status, body));
    const result = await runAgent(agent({ name: "a", model: model(server.url, "azure") }), "go");
    expect(result.stopReason).toBe("refusal");
    expect(server.bodies).toHaveLength(1);
  });
});

describe("A12: an answer that a server put where the thinking stands", () => {
  const city = z.object({ city: z.string() });
  const misplaced = async (reasoning: string, content = "") => {
    const server = await answeringServer((res) =>
      sayChunks(res, [
        { delta: { reasoning_content: reasoning } },
        { delta: { content } },
        { finish_reason: "stop" },
      ]),
    );
    const a = agent({ name: "a", model: model(server.url, "vllm"), output: city });
    return { result: await runAgent(a, "go"), requests: server.bodies.length };
  };

  it("A12: is taken where it is one value that fits, with a warning", async () => {
    const { result, requests } = await misplaced('{"city":"Oslo"}');
    expect(result).toMatchObject({ stopReason: "done", output: { city: "Oslo" } });
    expect(requests).toBe(1);
    expect(result.warnings.join()).toContain("where the thinking stands");
  });

  it.each([
    ["A12, further: is not taken where there is more than it", 'maybe {"city":"Oslo"}'],
    ["A12, further: is not taken where there are two", '{"city":"Oslo"} {"city":"Rome"}'],
    ["A12, further: is not taken where it does not fit", '{"town":5}'],
  ])("%s", async (_name, reasoning) => {
    expect((await misplaced(reasoning)).result.stopReason).toBe("invalid-output");
  });
});

describe("A13: a conversation moves to Gemini at any turn", () => {
  const unsigned = (res: Body): void =>
    refuse(res, 400, [
      {
        error: {
          code: 400,
          message: "Function call is missing a thought_signature in functionCall parts.",
          status: "INVALID_ARGUMENT",
        },
      },
    ]);
  const signatureOf = (one: Body): unknown => one.extra_content?.google?.thought_signature;
  const elsewhere = (...ids: string[]): Message[] => [
    { role: "user", content: [{ type: "text", text: "look" }] },
    {
      role: "assistant",
      origin: { provider: "openai", api: "responses", model: "gpt-5" },
      finish: { reason: "tool-calls" },
      content: ids.map((id) => ({ type: "tool-call", id, name: "view", rawInput: "{}", input: {} })),
    },
    { role: "tool", content: ids.map((id) => ({ type: "tool-result", id, name: "view", output: "page" })) },
    { role: "user", content: [{ type: "text", text: "go on" }] },
  ];

  it.each([
    ["A13: with a call from elsewhere", ["c1"]],
    ["A13, further: with calls side by side", ["c1", "c2"]],
  ])("%s", async (_name, ids) => {
    const server = await answeringServer((res, { body }) => {
      const made = body.messages.flatMap((message: Body) => message.tool_calls ?? []);
      return signatureOf(made[0]) ? sayChunks(res, say("done")) : unsigned(res);
    });
    const a = agent({ name: "a", model: model(server.url, "gemini"), tools: [view] });
    const result = await runAgent(a, elsewhere(...ids));
    expect(result).toMatchObject({ stopReason: "done", output: "done" });
    expect(server.bodies).toHaveLength(1);
  });

  it("A13, further: the signature that Gemini gave goes back as it was, and no other beside it", async () => {
    const signature = { google: { thought_signature: "real" } };
    const { bodies } = await calls(
      [call("c1", "view", '{"p":1}', { extra_content: signature }), end],
      "gemini",
    );
    expect(bodies[1].messages[1].tool_calls).toMatchObject([{ id: "c1", extra_content: signature }]);
    expect(JSON.stringify(bodies[1])).not.toContain("skip_thought");
  });

  it("A13, further: what Gemini says in a list is read", async () => {
    const server = await answeringServer((res) => unsigned(res));
    const a = agent({ name: "a", model: model(server.url, "generic"), tools: [view] });
    const result = await runAgent(a, elsewhere("c1"));
    expect(result.failure?.message).toContain("missing a thought_signature");
  });
});
