/** Answers of every kind, written by the three wire formats, and the ways in which servers write events. */

import { anthropic } from "../src/providers/anthropic/anthropic.ts";
import { openai } from "../src/providers/openai/openai.ts";
import { openaiCompatible } from "../src/providers/openai-compatible/openai-compatible.ts";
import type { Model } from "../src/words/model.ts";
import { DONE, named, unnamed } from "./hostile-server.ts";
import { type Extra, KEY } from "./wires.ts";

/** One piece of an answer; lists are the deltas in which it comes. */
export type Piece =
  | { readonly text: readonly string[] }
  | { readonly thinking: readonly string[] }
  | { readonly refusal: readonly string[] }
  | { readonly call: string; readonly id: string; readonly args: readonly string[] };

/** What a provider says about why it stopped. */
export type Reason = "stop" | "length" | "filtered" | { readonly odd: string };

/** One wire format. */
export interface Format {
  readonly name: string;
  readonly make: (url: string, extra?: Extra) => Model;
  readonly write: (pieces: readonly Piece[], reason?: Reason) => Written;
  /** An error in the middle of a stream whose status was 200. */
  readonly errorFrame: string;
}

/** Frames in order; the end marker comes after the first `beforeEnd` of them. */
export interface Written {
  readonly frames: readonly string[];
  readonly beforeEnd: number;
}

const event = (type: string, rest: object): string => named({ type, ...rest });

function ended(body: readonly string[], end: readonly string[]): Written {
  return { frames: [...body, ...end], beforeEnd: body.length };
}

const chat: Format = {
  name: "openai-compatible",
  make: (url, extra) =>
    openaiCompatible({ provider: "lab", model: "m", baseURL: `${url}/v1`, apiKey: KEY, ...extra }),
  errorFrame: unnamed({ error: { message: "busy", type: "overloaded_error", code: null } }),
  write: (pieces, reason = "stop") => {
    const chunk = (delta: object, finish_reason: string | null = null): string =>
      unnamed({
        id: "c",
        object: "chat.completion.chunk",
        created: 0,
        model: "m",
        choices: [{ index: 0, delta, finish_reason }],
      });
    const calls = pieces.filter((piece) => "call" in piece);
    const body = pieces.flatMap((piece) => {
      if ("text" in piece) return piece.text.map((content) => chunk({ content }));
      if ("thinking" in piece) return piece.thinking.map((part) => chunk({ reasoning_content: part }));
      if ("refusal" in piece) return piece.refusal.map((refusal) => chunk({ refusal }));
      const index = calls.indexOf(piece);
      const begin = { index, id: piece.id, type: "function", function: { name: piece.call, arguments: "" } };
      const rest = piece.args.map((part) =>
        chunk({ tool_calls: [{ index, function: { arguments: part } }] }),
      );
      return [chunk({ tool_calls: [begin] }), ...rest];
    });
    const why = typeof reason === "object" ? reason.odd : reason === "filtered" ? "content_filter" : reason;
    const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };
    return ended(
      [chunk({ role: "assistant", content: "" }), ...body],
      [
        chunk({}, why === "stop" && calls.length > 0 ? "tool_calls" : why),
        unnamed({ choices: [], usage }),
        DONE,
      ],
    );
  },
};

const responses: Format = {
  name: "openai",
  make: (url, extra) => openai({ model: "gpt-5", baseURL: `${url}/v1`, apiKey: KEY, ...extra }),
  errorFrame: event("error", { code: "server_error", message: "busy", param: null }),
  write: (pieces, reason = "stop") => {
    const response = { id: "r", object: "response", model: "m", status: "in_progress", output: [] };
    const body = pieces.flatMap((piece, output_index) => {
      const at = { output_index };
      const added = (item: object): string => event("response.output_item.added", { ...at, item });
      const done = (item: object): string => event("response.output_item.done", { ...at, item });
      if ("call" in piece) {
        const item = { type: "function_call", id: `fc_${output_index}`, call_id: piece.id, name: piece.call };
        const deltas = piece.args.map((delta) =>
          event("response.function_call_arguments.delta", { ...at, delta }),
        );
        return [
          added({ ...item, arguments: "" }),
          ...deltas,
          done({ ...item, arguments: piece.args.join("") }),
        ];
      }
      if ("thinking" in piece) {
        const item = { type: "reasoning", id: `rs_${output_index}`, encrypted_content: "opaque" };
        const summary = [{ type: "summary_text", text: piece.thinking.join("") }];
        const deltas = piece.thinking.map((delta) =>
          event("response.reasoning_summary_text.delta", { ...at, summary_index: 0, delta }),
        );
        return [added({ ...item, summary: [] }), ...deltas, done({ ...item, summary })];
      }
      const item = { type: "message", id: `msg_${output_index}`, role: "assistant", status: "completed" };
      const [kind, parts] =
        "text" in piece ? (["output_text", piece.text] as const) : (["refusal", piece.refusal] as const);
      const whole =
        kind === "refusal"
          ? { type: kind, refusal: parts.join("") }
          : { type: kind, text: parts.join(""), annotations: [] };
      const deltas = parts.map((delta) =>
        event(`response.${kind}.delta`, { ...at, content_index: 0, delta }),
      );
      return [added({ ...item, content: [] }), ...deltas, done({ ...item, content: [whole] })];
    });
    const usage = {
      input_tokens: 7,
      output_tokens: 5,
      total_tokens: 12,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens_details: { reasoning_tokens: 2 },
    };
    const why =
      typeof reason === "object" ? reason.odd : reason === "length" ? "max_output_tokens" : "content_filter";
    const end =
      reason === "stop"
        ? event("response.completed", { response: { ...response, status: "completed", usage } })
        : event("response.incomplete", {
            response: { ...response, status: "incomplete", incomplete_details: { reason: why }, usage },
          });
    return ended([event("response.created", { response }), ...body], [end]);
  },
};

const messages: Format = {
  name: "anthropic",
  make: (url, extra) => anthropic({ model: "claude-x", baseURL: url, apiKey: KEY, ...extra }),
  errorFrame: event("error", { error: { type: "overloaded_error", message: "busy" } }),
  write: (pieces, reason = "stop") => {
    const body = pieces.flatMap((piece, index) => {
      const start = (content_block: object): string => event("content_block_start", { index, content_block });
      const deltas = (type: string, key: string, parts: readonly string[]): string[] =>
        parts.map((part) => event("content_block_delta", { index, delta: { type, [key]: part } }));
      const stop = event("content_block_stop", { index });
      if ("call" in piece) {
        const block = { type: "tool_use", id: piece.id, name: piece.call, input: {} };
        return [start(block), ...deltas("input_json_delta", "partial_json", piece.args), stop];
      }
      if ("thinking" in piece) {
        const signed = event("content_block_delta", {
          index,
          delta: { type: "signature_delta", signature: "sig" },
        });
        const block = { type: "thinking", thinking: "", signature: "" };
        return [start(block), ...deltas("thinking_delta", "thinking", piece.thinking), signed, stop];
      }
      const parts = "text" in piece ? piece.text : piece.refusal;
      return [
        start({ type: "text", text: "" }),
        ...deltas("text_delta", "text", parts),
        event("ping", {}),
        stop,
      ];
    });
    const message = {
      id: "m",
      type: "message",
      role: "assistant",
      model: "claude-x",
      content: [],
      usage: { input_tokens: 7, output_tokens: 1 },
    };
    const refused = pieces.some((piece) => "refusal" in piece);
    const called = pieces.some((piece) => "call" in piece);
    const words = {
      stop: refused ? "refusal" : called ? "tool_use" : "end_turn",
      length: "max_tokens",
      filtered: "refusal",
    };
    const stop_reason = typeof reason === "object" ? reason.odd : words[reason];
    const delta = event("message_delta", { delta: { stop_reason }, usage: { output_tokens: 5 } });
    return ended([event("message_start", { message }), ...body, delta], [event("message_stop", {})]);
  },
};

export const formats: readonly Format[] = [responses, chat, messages];

/** Answers of every kind. */
export const answers: { readonly [kind: string]: readonly [readonly Piece[], Reason?] } = {
  text: [[{ text: ["Grüße, ", "世界 👋", "\u2028\u0000\n\ndata: no", " [DONE]"] }]],
  "thinking, then text": [[{ thinking: ["hm, ", "ja 🤔"] }, { text: ["So."] }]],
  "one call": [
    [{ text: ["Looking. "] }, { call: "weather", id: "call_1", args: ['{"city"', ':"Zürich 🏔"}'] }],
  ],
  "three calls": [
    [
      { call: "weather", id: "call_a", args: ['{"ci', 'ty":"Oslo"}'] },
      { call: "weather", id: "call_b", args: ['{"city":"Rome"}'] },
      { call: "clock", id: "call_c", args: [] },
    ],
  ],
  "thinking between calls": [
    [
      { thinking: ["first"] },
      { call: "weather", id: "call_1", args: ['{"city":"Oslo"}'] },
      { thinking: ["then"] },
      { text: ["both"] },
    ],
  ],
  "arguments that are cut": [[{ call: "weather", id: "call_1", args: ['{"city":"Os'] }]],
  refusal: [[{ refusal: ["I will ", "not."] }]],
  "no room left": [
    [{ text: ["Once upon "] }, { call: "weather", id: "call_1", args: ['{"city":"Oslo"}'] }],
    "length",
  ],
  filtered: [[{ text: ["It is "] }], "filtered"],
  nothing: [[]],
};

/** How servers write the same events. */
export const spellings: { readonly [name: string]: (frames: readonly string[]) => string } = {
  "as they are": (frames) => frames.join(""),
  "with CRLF": (frames) => frames.join("").replaceAll("\n", "\r\n"),
  "with CR": (frames) => frames.join("").replaceAll("\n", "\r"),
  "without a space": (frames) => frames.join("").replaceAll(/^(data|event): /gm, "$1:"),
  "with comments": (frames) => frames.map((frame) => `: keep-alive\n\n: one\n${frame}`).join(""),
  "with ids": (frames) => frames.map((frame, at) => `id: ${at}\nretry: 3000\n${frame}`).join(""),
  "with data on several lines": (frames) => frames.join("").replaceAll(/^data: \{/gm, "data: {\ndata: "),
  "with a mark of the byte order": (frames) => `\uFEFF${frames.join("")}`,
};
