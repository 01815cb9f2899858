import { describe, expect, test } from "vitest";
import { ask } from "../../test/wires.ts";
import type { AssistantMessage, Message, Origin } from "../words/message.ts";
import { systemMessage, userMessage } from "../words/message.ts";
import type { ModelCaps, ModelRequest, ToolSpec } from "../words/model.ts";
import { messagesRequest } from "./anthropic/request.ts";
import { responsesRequest } from "./openai/request.ts";
import { compatOf } from "./openai-compatible/compat.ts";
import { chatRequest } from "./openai-compatible/request.ts";

const GPT: Origin = { provider: "openai", api: "responses", model: "gpt-5" };
const LAB: Origin = { provider: "lab", api: "chat-completions", model: "m" };
const CLAUDE: Origin = { provider: "anthropic", api: "messages", model: "claude-x" };
const CAPS: ModelCaps = {
  generative: true,
  tools: true,
  parallelTools: true,
  output: "native",
  outputWithTools: true,
  images: true,
  files: true,
  reasoning: true,
};
const weather: ToolSpec = { name: "weather", description: "d", schema: { type: "object", properties: {} } };
const PNG = { type: "file", mediaType: "image/png", data: "AAAA" } as const;

/** A turn with thinking and two calls, as `origin` wrote it, and the results: a failed one with an image. */
function turn(origin: Origin, id = "call_1"): readonly Message[] {
  const written: AssistantMessage = {
    role: "assistant",
    origin,
    finish: { reason: "tool-calls" },
    content: [
      {
        type: "reasoning",
        text: "hm",
        opaque: {
          type: "reasoning",
          id: "rs_1",
          summary: [],
          encrypted_content: "enc",
          signature: "sig",
          field: "reasoning_content",
        },
      },
      { type: "text", text: "Let me see.", opaque: { id: "msg_1" } },
      { type: "tool-call", id, name: "weather", rawInput: '{"city":"Oslo"}', opaque: { id: "fc_1" } },
      { type: "tool-call", id: "call_2", name: "weather", rawInput: '{"ci' },
    ],
  };
  return [
    systemMessage("Be kind."),
    userMessage("Weather?"),
    written,
    {
      role: "tool",
      content: [
        { type: "tool-result", id, name: "weather", output: "21C" },
        {
          type: "tool-result",
          id: "call_2",
          name: "weather",
          output: [{ type: "text", text: "no" }, PNG],
          isError: true,
        },
      ],
    },
    systemMessage("Now be brief."),
  ];
}

const request = (messages: readonly Message[], more: Partial<ModelRequest> = {}): ModelRequest =>
  ask("", { messages, ...more });

describe("OpenAI Responses", () => {
  test("gives its own items back whole", () => {
    const { body } = responsesRequest(request(turn(GPT), { tools: [weather] }), GPT, CAPS);
    expect(body.input).toMatchObject([
      { role: "developer", content: "Be kind." },
      { role: "user", content: [{ type: "input_text", text: "Weather?" }] },
      { type: "reasoning", id: "rs_1", encrypted_content: "enc" },
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        content: [{ type: "output_text", text: "Let me see." }],
      },
      { type: "function_call", id: "fc_1", call_id: "call_1", arguments: '{"city":"Oslo"}' },
      { type: "function_call", call_id: "call_2", arguments: '{"ci' },
      { type: "function_call_output", call_id: "call_1", output: "21C" },
      {
        type: "function_call_output",
        call_id: "call_2",
        output: [
          { text: "Error:" },
          { text: "no" },
          { type: "input_image", image_url: "data:image/png;base64,AAAA" },
        ],
      },
      { role: "developer", content: "Now be brief." },
    ]);
    expect(body).toMatchObject({ store: false, stream: true, tools: [{ type: "function", strict: false }] });
  });

  test("takes an answer of another provider without its secrets", () => {
    const { body } = responsesRequest(request(turn(CLAUDE, "toolu|1:x")), GPT, CAPS);
    const wire = JSON.stringify(body.input);
    for (const secret of ["sig", "enc", "rs_1", "fc_1", "msg_1", "toolu|1:x", "hm"])
      expect(wire).not.toContain(`"${secret}"`);
  });

  test("says what it leaves out", () => {
    expect(
      responsesRequest(request([userMessage("hi")], { stop: ["END"] }), GPT, CAPS).warnings,
    ).toHaveLength(1);
  });
});

describe("Chat Completions", () => {
  test("splits results and puts their files after all of them", () => {
    const compat = compatOf("deepseek");
    const { body } = chatRequest(request(turn(LAB), { maxOutputTokens: 9 }), LAB, CAPS, compat);
    expect(body.messages).toMatchObject([
      { role: "system", content: "Be kind." },
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "Let me see.",
        reasoning_content: "hm",
        tool_calls: [
          { id: "call_1", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
          { id: "call_2", function: { arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "21C" },
      { role: "tool", tool_call_id: "call_2", content: "Error: no\n[image/png: see the next message]" },
      {
        role: "user",
        content: [
          { type: "text" },
          { type: "image_url" },
          { type: "text", text: "<system-update>\nNow be brief.\n</system-update>" },
        ],
      },
    ]);
    expect(body).toMatchObject({ max_tokens: 9, stream_options: { include_usage: true } });
  });

  test("has ids of nine characters for Mistral, the same in call and result", () => {
    const { body } = chatRequest(request(turn(GPT)), LAB, CAPS, compatOf("mistral"));
    const [, , said, result] = body.messages as unknown as [
      unknown,
      unknown,
      { tool_calls: { id: string }[] },
      { tool_call_id: string },
    ];
    expect(said.tool_calls[0]?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(result.tool_call_id).toBe(said.tool_calls[0]?.id);
  });

  test("tells the schema in words where the API cannot, and says so", () => {
    const output = { name: "person", schema: { type: "object" } };
    const { body, warnings } = chatRequest(
      request([userMessage("hi")], { output }),
      LAB,
      CAPS,
      compatOf("deepseek"),
    );
    expect(body.response_format).toEqual({ type: "json_object" });
    expect(body.messages[0]?.content).toContain('{"type":"object"}');
    expect(warnings).toHaveLength(1);
  });
});

describe("Anthropic Messages", () => {
  const settings = { thinking: "adaptive" } as const;

  test("gives thinking back first, and all results in one turn before anything else", () => {
    const { body, warnings } = messagesRequest(
      request(turn(CLAUDE), { tools: [weather] }),
      CLAUDE,
      CAPS,
      settings,
    );
    expect(body.system).toEqual([{ type: "text", text: "Be kind." }]);
    expect(body.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "Weather?" }] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "sig" },
          { type: "text", text: "Let me see." },
          { type: "tool_use", id: "call_1", name: "weather", input: { city: "Oslo" } },
          { type: "tool_use", id: "call_2", name: "weather", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_1", content: "21C" },
          {
            type: "tool_result",
            tool_use_id: "call_2",
            content: [{ type: "text", text: "no" }],
            is_error: true,
          },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
          { type: "text", text: "<system-update>\nNow be brief.\n</system-update>" },
        ],
      },
    ]);
    expect(warnings).toHaveLength(1);
    expect(body.max_tokens).toBe(4_096);
  });

  test("drops thinking of elsewhere and where thinking is off", () => {
    const foreign = messagesRequest(request(turn(GPT)), CLAUDE, CAPS, settings).body;
    const off = messagesRequest(request(turn(CLAUDE), { reasoning: "none" }), CLAUDE, CAPS, settings).body;
    for (const { messages } of [foreign, off]) expect(JSON.stringify(messages)).not.toContain("thinking");
    expect(off.thinking).toEqual({ type: "disabled" });
  });

  test("declares the tools of its history when none are given", () => {
    const { body } = messagesRequest(request(turn(CLAUDE)), CLAUDE, CAPS, settings);
    expect(body).toMatchObject({ tools: [{ name: "weather" }], tool_choice: { type: "none" } });
  });

  test("leaves out what cannot be set while it thinks, and says so", () => {
    const asked = request([userMessage("hi")], {
      reasoning: "high",
      temperature: 0,
      tools: [weather],
      toolChoice: "required",
    });
    const adaptive = messagesRequest(asked, CLAUDE, CAPS, settings);
    expect(adaptive.body).toMatchObject({
      tool_choice: { type: "auto" },
      output_config: { effort: "high" },
      thinking: { type: "adaptive" },
    });
    expect(adaptive.body).not.toHaveProperty("temperature");
    expect(adaptive.warnings).toHaveLength(2);
    const budget = messagesRequest(asked, CLAUDE, CAPS, { thinking: "budget" }).body;
    expect(budget.thinking).toEqual({ type: "enabled", budget_tokens: 16_384 });
    expect(budget.max_tokens).toBeGreaterThan(16_384);
  });

  test("marks its instructions, or the messages that ask for it, where the cache is placed so", () => {
    const messages = [systemMessage("Be kind."), { ...userMessage("one"), cache: true as const }];
    const asked = request(messages, { tools: [weather] });
    const prefix = { ...settings, cache: "short", cachePlacement: "prefix" } as const;
    const { body } = messagesRequest(asked, CLAUDE, CAPS, prefix);
    const mark = { cache_control: { type: "ephemeral" } };
    expect(body).not.toHaveProperty("cache_control");
    expect(body.system).toEqual([{ type: "text", text: "Be kind.", ...mark }]);
    expect(body.messages[0]?.content).toEqual([{ type: "text", text: "one", ...mark }]);
    const bare = messagesRequest({ ...asked, messages: [userMessage("one")] }, CLAUDE, CAPS, prefix).body;
    expect(bare.tools?.at(-1)).toMatchObject(mark);
    const marked = messagesRequest(asked, CLAUDE, CAPS, { ...prefix, cachePlacement: "marked" }).body;
    expect(JSON.stringify(marked).split("cache_control")).toHaveLength(2);
  });

  test("goes on without thinking where a turn with a budget began elsewhere, and says so", () => {
    const asked = request(turn(GPT).slice(0, 4), { reasoning: "high", tools: [weather] });
    const { body, warnings } = messagesRequest(asked, CLAUDE, CAPS, { thinking: "budget" });
    expect(body.thinking).toEqual({ type: "disabled" });
    expect(warnings).toEqual([expect.stringContaining("goes on without thinking")]);
    const own = messagesRequest({ ...asked, messages: turn(CLAUDE).slice(0, 4) }, CLAUDE, CAPS, {
      thinking: "budget",
    });
    expect(own.body.thinking).toMatchObject({ type: "enabled" });
  });

  test("lets documents be cited, and gives back what was cited with its place", () => {
    const place = { type: "char_location", cited_text: "Green.", document_index: 0, document_title: "tea" };
    const cited: AssistantMessage = {
      role: "assistant",
      origin: CLAUDE,
      finish: { reason: "stop" },
      content: [{ type: "text", text: "It is green.", opaque: { citations: [place] } }],
    };
    const document = { type: "file", mediaType: "text/plain", data: btoa("Green."), name: "tea" } as const;
    const messages: Message[] = [{ role: "user", content: [document] }, cited, userMessage("Sure?")];
    const { body } = messagesRequest(request(messages), CLAUDE, CAPS, { ...settings, citations: true });
    expect(body.messages[0]?.content).toMatchObject([{ type: "document", citations: { enabled: true } }]);
    expect(body.messages[1]?.content).toEqual([{ type: "text", text: "It is green.", citations: [place] }]);
    const without = messagesRequest(request(messages), CLAUDE, CAPS, settings).body;
    expect(JSON.stringify(without)).not.toContain("citations");
  });

  test("leaves out files it has no form for, and says so for each", () => {
    const files = ["image/tiff", "audio/wav", "image/png", "application/json"].map((mediaType) => ({
      type: "file" as const,
      mediaType,
      data: "AAAA",
      name: mediaType.replace("/", "."),
    }));
    const { body, warnings } = messagesRequest(
      request([{ role: "user", content: files }]),
      CLAUDE,
      CAPS,
      settings,
    );
    expect(body.messages[0]?.content).toMatchObject([
      { type: "text", text: expect.stringContaining("image.tiff (image/tiff) is left out") },
      { type: "text", text: expect.stringContaining("audio.wav") },
      { type: "image" },
      { type: "document" },
    ]);
    expect(warnings).toHaveLength(2);
  });

  test("keeps at most four cache marks, the later ones", () => {
    const messages = Array.from(
      { length: 6 },
      (_, at): Message => ({ ...userMessage(`m${at}`), cache: true }),
    );
    const { body } = messagesRequest(request(messages, { cache: "long" }), CLAUDE, CAPS, settings);
    expect(body.cache_control).toEqual({ type: "ephemeral", ttl: "1h" });
    const marked = JSON.stringify(body.messages).split("cache_control").length - 1;
    expect(marked).toBe(3);
    expect(JSON.stringify(body.messages.at(-1))).toMatch(
      /m5","cache_control":\{"type":"ephemeral","ttl":"1h"\}\}\]\}$/,
    );
  });
});
