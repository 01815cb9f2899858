/** The three adapters with one answer each in their own wire format, for tests that are the same for all. */

import { anthropic } from "../src/providers/anthropic/anthropic.ts";
import { openai } from "../src/providers/openai/openai.ts";
import { openaiCompatible } from "../src/providers/openai-compatible/openai-compatible.ts";
import type { ProviderOptions } from "../src/providers/provider-options.ts";
import type { AssistantPart } from "../src/words/message.ts";
import type { Model, ModelRequest } from "../src/words/model.ts";
import { DONE, named, unnamed } from "./hostile-server.ts";

/** The key in use, which must show up nowhere. */
export const KEY = "sk-test-0123456789abcdef";

export type Extra = Partial<Omit<ProviderOptions, "model">>;

/** One adapter and how its provider speaks. */
export interface Wire {
  readonly name: string;
  readonly make: (url: string, extra?: Extra) => Model;
  /** Text "Grüße, 世界 👋" and one call, cut into frames; the last frames carry the end marker. */
  readonly frames: readonly string[];
  /** How many of `frames` come before the end marker. */
  readonly beforeEnd: number;
  /** What the whole answer is, without opaque data. */
  readonly parts: readonly AssistantPart[];
  /** An error in the middle of the stream that means "overloaded" or a server's fault. */
  readonly errorFrame: string;
}

const RAW = '{"city":"Zürich 🏔"}';
const PARTS: readonly AssistantPart[] = [
  { type: "text", text: "Grüße, 世界 👋" },
  { type: "tool-call", id: "call_1", name: "weather", rawInput: RAW, input: { city: "Zürich 🏔" } },
];

const chunk = (delta: object, finish_reason: string | null = null): object => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 0,
  model: "m",
  choices: [{ index: 0, delta, finish_reason }],
});

const chat: Wire = {
  name: "openai-compatible",
  make: (url, extra) =>
    openaiCompatible({ provider: "lab", model: "m", baseURL: `${url}/v1`, apiKey: KEY, ...extra }),
  frames: [
    unnamed(chunk({ role: "assistant", content: "Grüße, " })),
    unnamed(chunk({ content: "世界 👋" })),
    unnamed(
      chunk({
        tool_calls: [
          { index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":' } },
        ],
      }),
    ),
    unnamed(chunk({ tool_calls: [{ index: 0, function: { arguments: '"Zürich 🏔"}' } }] })),
    unnamed(chunk({}, "tool_calls")),
    unnamed({
      ...chunk({}),
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
    }),
    DONE,
  ],
  beforeEnd: 4,
  parts: PARTS,
  errorFrame: unnamed({ error: { message: "busy", type: "overloaded_error", code: null } }),
};

const response = { id: "r", object: "response", model: "m", status: "in_progress", output: [] };
const text = { type: "message", id: "msg_1", role: "assistant", status: "completed" };
const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "weather" };

const responses: Wire = {
  name: "openai",
  make: (url, extra) => openai({ model: "gpt-5", baseURL: `${url}/v1`, apiKey: KEY, ...extra }),
  frames: [
    named({ type: "response.created", response } as never),
    named({ type: "response.output_item.added", output_index: 0, item: { ...text, content: [] } } as never),
    named({
      type: "response.output_text.delta",
      output_index: 0,
      content_index: 0,
      delta: "Grüße, ",
    } as never),
    named({
      type: "response.output_text.delta",
      output_index: 0,
      content_index: 0,
      delta: "世界 👋",
    } as never),
    named({
      type: "response.output_item.done",
      output_index: 0,
      item: { ...text, content: [{ type: "output_text", text: "Grüße, 世界 👋", annotations: [] }] },
    } as never),
    named({ type: "response.output_item.added", output_index: 1, item: { ...call, arguments: "" } } as never),
    named({ type: "response.function_call_arguments.delta", output_index: 1, delta: '{"city":' } as never),
    named({ type: "response.function_call_arguments.delta", output_index: 1, delta: '"Zürich 🏔"}' } as never),
    named({ type: "response.output_item.done", output_index: 1, item: { ...call, arguments: RAW } } as never),
    named({
      type: "response.completed",
      response: {
        ...response,
        status: "completed",
        usage: {
          input_tokens: 7,
          output_tokens: 5,
          total_tokens: 12,
          input_tokens_details: { cached_tokens: 3, cache_write_tokens: 1 },
          output_tokens_details: { reasoning_tokens: 2 },
        },
      },
    } as never),
  ],
  beforeEnd: 9,
  parts: PARTS,
  errorFrame: named({ type: "error", code: "server_error", message: "busy", param: null } as never),
};

const messages: Wire = {
  name: "anthropic",
  make: (url, extra) => anthropic({ model: "claude-x", baseURL: url, apiKey: KEY, ...extra }),
  frames: [
    named({
      type: "message_start",
      message: {
        id: "m",
        type: "message",
        role: "assistant",
        model: "claude-x",
        content: [],
        usage: {
          input_tokens: 3,
          cache_read_input_tokens: 3,
          cache_creation_input_tokens: 1,
          output_tokens: 1,
        },
      },
    } as never),
    named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never),
    named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Grüße, " } } as never),
    named({ type: "ping" }),
    named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "世界 👋" } } as never),
    named({ type: "content_block_stop", index: 0 } as never),
    named({
      type: "content_block_start",
      index: 1,
      content_block: { type: "tool_use", id: "call_1", name: "weather", input: {} },
    } as never),
    named({
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: '{"city":' },
    } as never),
    named({
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: '"Zürich 🏔"}' },
    } as never),
    named({ type: "content_block_stop", index: 1 } as never),
    named({
      type: "message_delta",
      delta: { stop_reason: "tool_use" },
      usage: { output_tokens: 5 },
    } as never),
    named({ type: "message_stop" }),
  ],
  beforeEnd: 11,
  parts: PARTS,
  errorFrame: named({ type: "error", error: { type: "overloaded_error", message: "busy" } } as never),
};

export const wires: readonly Wire[] = [responses, chat, messages];

/** A request of one user message. */
export function ask(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [{ role: "user", content: [{ type: "text", text }] }],
    signal: new AbortController().signal,
    ...more,
  };
}
