/** A whole answer as the stream that its adapter reads. */
import type { WholeAnswer } from "./batch-api.ts";

/** What a request speaks: the last words of its address. */
export type BatchFormat = "responses" | "chat/completions" | "messages";

type Plain = { readonly [key: string]: unknown };

/** Makes the response that the request alone would have had. */
export function asStream(format: BatchFormat, { status, body }: WholeAnswer): Response {
  if (status !== 200 || typeof body !== "object" || body === null) {
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  }
  const text = EVENTS[format](body as Plain);
  return new Response(text, { status, headers: { "content-type": "text/event-stream" } });
}

const EVENTS: { readonly [format in BatchFormat]: (body: Plain) => string } = {
  responses: (body) => {
    const { status = "completed" } = body;
    const end = status === "incomplete" || status === "failed" ? status : "completed";
    const begun = { ...body, output: [], status: "in_progress" };
    return named([
      { type: "response.created", response: begun },
      { type: `response.${end}`, response: body },
    ]);
  },
  "chat/completions": (body) => {
    const { choices, usage, ...rest } = body as {
      readonly choices?: readonly Plain[];
      readonly usage?: unknown;
    };
    const chunks = (choices ?? []).map(({ message, ...choice }) => ({ ...choice, delta: deltaOf(message) }));
    const lines = [{ ...rest, choices: chunks }, ...(usage ? [{ ...rest, choices: [], usage }] : [])];
    return `${lines.map((line) => `data: ${JSON.stringify(line)}\n\n`).join("")}data: [DONE]\n\n`;
  },
  messages: (body) => {
    const { content, stop_reason, stop_sequence, usage } = body;
    const blocks = (Array.isArray(content) ? (content as readonly Plain[]) : []).flatMap(blockEvents);
    return named([
      { type: "message_start", message: { ...body, content: [], stop_reason: null } },
      ...blocks,
      { type: "message_delta", delta: { stop_reason, stop_sequence }, usage },
      { type: "message_stop" },
    ]);
  },
};

/** In a stream each call of a message has its number. */
function deltaOf(message: unknown): unknown {
  const { tool_calls: calls, ...rest } = (message ?? {}) as { readonly tool_calls?: readonly Plain[] };
  return { ...rest, ...(calls && { tool_calls: calls.map((call, index) => ({ index, ...call })) }) };
}

function blockEvents(block: Plain, index: number): readonly (Plain & { readonly type: string })[] {
  const start = (content_block: Plain): Plain & { readonly type: string } => ({
    type: "content_block_start",
    index,
    content_block,
  });
  const delta = (one: Plain): Plain & { readonly type: string } => ({
    type: "content_block_delta",
    index,
    delta: one,
  });
  const stop = { type: "content_block_stop", index };
  switch (block["type"]) {
    case "text": {
      const { citations, ...rest } = block;
      const cited = (Array.isArray(citations) ? citations : []).map((citation: unknown) =>
        delta({ type: "citations_delta", citation }),
      );
      return [
        start({ ...rest, text: "" }),
        delta({ type: "text_delta", text: block["text"] }),
        ...cited,
        stop,
      ];
    }
    case "thinking":
      return [
        start({ ...block, thinking: "", signature: "" }),
        delta({ type: "thinking_delta", thinking: block["thinking"] }),
        delta({ type: "signature_delta", signature: block["signature"] }),
        stop,
      ];
    case "tool_use":
    case "server_tool_use": {
      const partial_json = JSON.stringify(block["input"] ?? {});
      return [start({ ...block, input: {} }), delta({ type: "input_json_delta", partial_json }), stop];
    }
    default:
      return [start(block), stop];
  }
}

function named(events: readonly (Plain & { readonly type: string })[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
