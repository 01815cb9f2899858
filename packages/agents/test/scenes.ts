/** Scenes of the conformance suite in the three wire formats, as the providers send them. */
import type { SceneAnswer } from "@orch/testing/models";
import { chatFrames } from "./chat-frames.ts";
import { named } from "./hostile-server.ts";
import { pieces } from "./pieces.ts";

/** An answer cut into frames; the last `ending` frames carry the end marker. */
export interface Frames {
  readonly content: readonly string[];
  readonly ending: readonly string[];
  /** An error of the provider in the middle of its stream. */
  readonly error: string;
}

/** The three wire formats. */
export type WireName = "responses" | "chat" | "messages";

/** Writes one answer in a wire format. */
export const framesOf: Readonly<Record<WireName, (answer: SceneAnswer, turn: number) => Frames>> = {
  responses: responsesFrames,
  chat: chatFrames,
  messages: messagesFrames,
};

function responsesFrames(
  { reasoning, text, refusal, calls = [], usage, end, manner }: SceneAnswer,
  turn: number,
): Frames {
  let sequence_number = 0;
  const event = (type: string, more: object): string =>
    named({ type, sequence_number: sequence_number++, ...more } as never);
  const response = {
    id: `resp_${turn}`,
    object: "response",
    created_at: 1_700_000_000,
    model: "gpt-5",
    status: "in_progress",
    output: [],
    error: null,
    incomplete_details: null,
  };
  const content: string[] = [event("response.created", { response })];
  let output_index = 0;
  const item = (open: object, middle: (at: number) => readonly string[], done: object): void => {
    const at = output_index++;
    content.push(event("response.output_item.added", { output_index: at, item: open }), ...middle(at));
    content.push(event("response.output_item.done", { output_index: at, item: done }));
  };
  if (reasoning !== undefined) {
    const id = `rs_${turn}`;
    const base = { type: "reasoning", id, encrypted_content: `enc_${turn}` };
    item(
      { ...base, summary: [] },
      (at) => [
        event("response.reasoning_summary_part.added", {
          item_id: id,
          output_index: at,
          summary_index: 0,
          part: { type: "summary_text", text: "" },
        }),
        ...pieces(reasoning).map((delta) =>
          event("response.reasoning_summary_text.delta", {
            item_id: id,
            output_index: at,
            summary_index: 0,
            delta,
          }),
        ),
      ],
      { ...base, summary: [{ type: "summary_text", text: reasoning }] },
    );
  }
  if (text !== undefined || refusal !== undefined) {
    const id = `msg_${turn}`;
    const base = { type: "message", id, role: "assistant" };
    const kind = refusal === undefined ? "output_text" : "refusal";
    const words = refusal ?? text ?? "";
    const part =
      kind === "refusal" ? { type: kind, refusal: words } : { type: kind, text: words, annotations: [] };
    item(
      { ...base, status: "in_progress", content: [] },
      (at) => [
        ...pieces(words).map((delta) =>
          event(`response.${kind}.delta`, { item_id: id, output_index: at, content_index: 0, delta }),
        ),
      ],
      { ...base, status: "completed", content: [part] },
    );
  }
  calls.forEach(({ id: call_id, name, rawInput }, nth) => {
    const id = `fc_${turn}_${nth}`;
    const base = { type: "function_call", id, call_id, name };
    item(
      { ...base, arguments: "", status: "in_progress" },
      (at) =>
        pieces(rawInput).map((delta) =>
          event("response.function_call_arguments.delta", { item_id: id, output_index: at, delta }),
        ),
      { ...base, arguments: rawInput, status: "completed" },
    );
  });
  const why = { length: "max_output_tokens", filtered: "content_filter", unknown: "tired" }[end ?? "length"];
  const counted = {
    input_tokens: usage?.input ?? 0,
    output_tokens: usage?.output ?? 0,
    total_tokens: (usage?.input ?? 0) + (usage?.output ?? 0),
    input_tokens_details: { cached_tokens: usage?.cacheRead ?? 0 },
    output_tokens_details: { reasoning_tokens: usage?.reasoning ?? 0 },
  };
  const ended =
    end === undefined
      ? event("response.completed", {
          response: { ...response, status: "completed", ...(manner !== "untold" && { usage: counted }) },
        })
      : event("response.incomplete", {
          response: {
            ...response,
            status: "incomplete",
            incomplete_details: { reason: why },
            usage: counted,
          },
        });
  return {
    content,
    ending: [ended],
    error: event("error", { code: "server_error", message: "busy", param: null }),
  };
}

function messagesFrames(
  { reasoning, text, refusal, calls = [], usage, end, manner }: SceneAnswer,
  turn: number,
): Frames {
  const cached = usage?.cacheRead ?? 0;
  const content: string[] = [
    named({
      type: "message_start",
      message: {
        id: `msg_${turn}`,
        type: "message",
        role: "assistant",
        model: "claude-x",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        ...(manner !== "untold" && {
          usage: {
            input_tokens: (usage?.input ?? 0) - cached,
            cache_read_input_tokens: cached,
            cache_creation_input_tokens: 0,
            output_tokens: 1,
          },
        }),
      },
    } as never),
  ];
  let index = 0;
  const block = (content_block: object, deltas: readonly object[]): void => {
    const at = index++;
    content.push(named({ type: "content_block_start", index: at, content_block } as never));
    for (const delta of deltas)
      content.push(named({ type: "content_block_delta", index: at, delta } as never));
    content.push(named({ type: "content_block_stop", index: at } as never));
  };
  if (reasoning !== undefined) {
    block({ type: "thinking", thinking: "", signature: "" }, [
      ...pieces(reasoning).map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature: `sig_${turn}` },
    ]);
  }
  const words = text ?? refusal;
  if (words !== undefined && words !== "") {
    block(
      { type: "text", text: "" },
      pieces(words).map((piece) => ({ type: "text_delta", text: piece })),
    );
  }
  for (const { id, name, rawInput } of calls) {
    block({ type: "tool_use", id, name, input: {} }, [
      { type: "input_json_delta", partial_json: "" },
      ...pieces(rawInput).map((partial_json) => ({ type: "input_json_delta", partial_json })),
    ]);
  }
  const whole = refusal === undefined ? (calls.length > 0 ? "tool_use" : "end_turn") : "refusal";
  const reason = { length: "max_tokens", filtered: "refusal", unknown: "tired" }[end ?? "length"];
  return {
    content,
    ending: [
      named({
        type: "message_delta",
        delta: { stop_reason: end === undefined ? whole : reason, stop_sequence: null },
        ...(manner !== "untold" && { usage: { output_tokens: usage?.output ?? 1 } }),
      } as never),
      named({ type: "message_stop" }),
    ],
    error: named({ type: "error", error: { type: "overloaded_error", message: "busy" } } as never),
  };
}
