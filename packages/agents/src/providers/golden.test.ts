import { describe, expect, test } from "vitest";
import { checkChat, checkMessages, checkPrompt, checkResponses } from "../../test/wire-check.ts";
import { ask } from "../../test/wires.ts";
import type { AssistantMessage, AssistantPart, FilePart, Message, Opaque, Origin } from "../words/message.ts";
import { systemMessage, userMessage } from "../words/message.ts";
import type { ModelCaps, ModelRequest, ToolSpec } from "../words/model.ts";
import type { AiSdkModel, AiSdkVersion } from "./ai-sdk/ai-sdk-model.ts";
import { callOptions } from "./ai-sdk/call-options.ts";
import { messagesRequest } from "./anthropic/request.ts";
import { responsesRequest } from "./openai/request.ts";
import { compatOf } from "./openai-compatible/compat.ts";
import type { Preset } from "./openai-compatible/presets.ts";
import { chatRequest } from "./openai-compatible/request.ts";

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
const weather: ToolSpec = {
  name: "weather",
  description: "The weather of a city.",
  schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const PNG: FilePart = { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=", name: "map.png" };
const PDF: FilePart = { type: "file", mediaType: "application/pdf", data: "JVBERi0xLjQK", name: "page.pdf" };
const WAV: FilePart = { type: "file", mediaType: "audio/wav", data: "UklGRg==", name: "sound.wav" };
const PHOTO: FilePart = { type: "file", mediaType: "image/jpeg", url: "https://example.org/a.jpg" };

/** What each wire format keeps with reasoning. */
const KEPT: { readonly [api: string]: Opaque } = {
  responses: { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "enc" },
  "chat-completions": { field: "reasoning_content" },
  messages: { signature: "sig" },
  "ai-sdk": { metadata: { openai: { itemId: "rs_1", reasoningEncryptedContent: "enc" } } },
};

function said(origin: Origin, ...content: readonly AssistantPart[]): AssistantMessage {
  const calls = content.some(({ type }) => type === "tool-call");
  return { role: "assistant", content, origin, finish: { reason: calls ? "tool-calls" : "stop" } };
}

const thought = (api: string): AssistantPart => ({
  type: "reasoning",
  text: "I should look.",
  opaque: KEPT[api]!,
});
const call = (id: string, rawInput = '{"city":"Oslo"}'): AssistantPart => ({
  type: "tool-call",
  id,
  name: "weather",
  rawInput,
});
const result = (id: string, output = "21C"): Message => ({
  role: "tool",
  content: [{ type: "tool-result", id, name: "weather", output }],
});

/** The conversations, as `origin` and others wrote them. */
const CONVERSATIONS: { readonly [name: string]: (origin: Origin) => Partial<ModelRequest> } = {
  "own-thinking-and-tools": (origin) => ({
    messages: [
      systemMessage("Be kind."),
      userMessage("Oslo?"),
      said(
        origin,
        thought(origin.api),
        { type: "text", text: "Let me look." },
        call("call_1"),
        call("call_2"),
      ),
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call_1", name: "weather", output: "21C" },
          { type: "tool-result", id: "call_2", name: "weather", output: "no such city", isError: true },
        ],
      },
    ],
    tools: [weather],
    reasoning: "high",
  }),
  "foreign-and-cut": () => {
    const elsewhere: Origin = { provider: "elsewhere", api: "other", model: "mind" };
    return {
      messages: [
        userMessage("Oslo?"),
        said(
          elsewhere,
          { type: "reasoning", text: "hm", opaque: { signature: "s" } },
          call("a|b:c"),
          call("open"),
        ),
        result("a|b:c"),
        {
          ...said(elsewhere, { type: "text", text: "I was say" }, call("cut", '{"ci')),
          finish: { reason: "interrupted" },
        },
        userMessage("Go on."),
        said(elsewhere, { type: "refusal", text: "I would rather not." }),
        userMessage("Please."),
      ],
      tools: [weather],
      toolChoice: "auto",
    };
  },
  "systems-in-the-middle": (origin) => ({
    messages: [
      systemMessage("Be kind."),
      systemMessage("Be honest."),
      userMessage("Hello."),
      systemMessage("Now be brief."),
      said(origin, { type: "text", text: "Hi." }),
      userMessage("And now?"),
      systemMessage("Answer in French."),
    ],
    maxOutputTokens: 100,
    temperature: 0.5,
  }),
  "files-everywhere": (origin) => ({
    messages: [
      { role: "user", content: [{ type: "text", text: "What are these?" }, PNG, PHOTO, PDF, WAV] },
      said(origin, call("call_1"), call("call_2")),
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            id: "call_1",
            name: "weather",
            output: [{ type: "text", text: "a map:" }, PNG],
          },
          {
            type: "tool-result",
            id: "call_2",
            name: "weather",
            output: [{ type: "text", text: "broken" }, PNG],
            isError: true,
          },
        ],
      },
      userMessage("Well?"),
    ],
    tools: [weather],
  }),
  "form-and-cache": (origin) => ({
    messages: [
      { ...systemMessage("Be kind."), cache: true },
      userMessage("Who?"),
      said(origin, { type: "text", text: "Ada." }),
      { ...userMessage("As JSON."), cache: true },
    ],
    output: {
      name: "person",
      schema: {
        type: "object",
        properties: { name: { type: "string" } },
        required: ["name"],
        additionalProperties: false,
      },
      strict: true,
    },
    cache: "long",
    sessionId: "session-1",
  }),
};

interface Written {
  readonly body: unknown;
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
}

const GPT: Origin = { provider: "openai", api: "responses", model: "gpt-5" };
const CLAUDE: Origin = { provider: "anthropic", api: "messages", model: "claude-x" };
const chat = (preset: Preset): Wire => {
  const origin: Origin = { provider: preset, api: "chat-completions", model: "m" };
  const compat = compatOf(preset);
  const write = (request: ModelRequest): Written => {
    const { body, warnings } = chatRequest(request, origin, CAPS, compat);
    return { body, warnings, problems: checkChat(body, compat) };
  };
  return { origin, write };
};
const sdk = (specificationVersion: AiSdkVersion): Wire => {
  const origin: Origin = { provider: "openai.responses", api: "ai-sdk", model: "gpt-5" };
  const model: AiSdkModel = {
    specificationVersion,
    provider: origin.provider,
    modelId: origin.model,
    supportedUrls: { "image/*": [/^https:/] },
    doStream: () => Promise.reject(new Error("not called")),
  };
  const write = async (request: ModelRequest): Promise<Written> => {
    const settings = { id: origin, caps: CAPS, callIds: "medium", signal: request.signal } as const;
    const { options, losses } = await callOptions(model, request, settings);
    const { abortSignal: _signal, ...body } = options;
    return { body, warnings: losses, problems: checkPrompt(options.prompt, specificationVersion) };
  };
  return { origin, write };
};

interface Wire {
  readonly origin: Origin;
  readonly write: (request: ModelRequest) => Written | Promise<Written>;
}

const WIRES: { readonly [name: string]: Wire } = {
  responses: {
    origin: GPT,
    write: (request) => {
      const { body, warnings } = responsesRequest(request, GPT, CAPS);
      return { body, warnings, problems: checkResponses(body) };
    },
  },
  messages: {
    origin: CLAUDE,
    write: (request) => {
      const { body, warnings } = messagesRequest(request, CLAUDE, CAPS, {
        thinking: "adaptive",
        cache: "short",
      });
      return { body, warnings, problems: checkMessages(body) };
    },
  },
  "chat-deepseek": chat("deepseek"),
  "chat-mistral": chat("mistral"),
  "ai-sdk-v3": sdk("v3"),
  "ai-sdk-v4": sdk("v4"),
};

describe.each(Object.keys(WIRES))("the golden body of %s", (wire) => {
  test.each(Object.keys(CONVERSATIONS))("for %s", async (name) => {
    const { origin, write } = WIRES[wire]!;
    const { body, warnings, problems } = await write(ask("", CONVERSATIONS[name]!(origin)));
    expect(problems).toEqual([]);
    const kept = `${JSON.stringify({ warnings, body }, null, 2)}\n`;
    await expect(kept).toMatchFileSnapshot(`../../test/fixtures/golden/${name}.${wire}.json`);
  });
});
