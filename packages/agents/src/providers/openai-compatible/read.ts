/** The chunks of Chat Completions, read into a draft. */
import type { Clock, Random } from "@orch/core";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { type FailureContext, protocolFailure } from "../../model/failure.ts";
import type { MessageDraft } from "../../model/message-draft.ts";
import type { FinishReason } from "../../words/model.ts";
import type { Compat } from "./compat.ts";
import { type ToolDelta, ToolDeltas } from "./tool-deltas.ts";
import { usageOf } from "./usage.ts";

/** The parts of a reader. */
export interface ChatReading {
  readonly compat: Compat;
  readonly clock: Clock;
  readonly random: Random;
}

/** A delta as servers send it. */
interface Delta {
  readonly content?: string | null | readonly ContentPiece[];
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly ToolDelta[] | null;
}

/** Mistral's thinking models send content in pieces. */
interface ContentPiece {
  readonly type: string;
  readonly text?: string;
  readonly thinking?: readonly { readonly text?: string }[];
}

/** Reads the chunks of one message. */
export class ChatReader {
  readonly #deltas: ToolDeltas;
  readonly #compat: Compat;
  /** Whether the server said anything that belongs to the message. */
  spoke = false;

  constructor({ compat, clock, random }: ChatReading) {
    this.#compat = compat;
    this.#deltas = new ToolDeltas(clock.now, random);
  }

  read(chunk: ChatCompletionChunk, draft: MessageDraft, ctx: FailureContext): void {
    if (typeof chunk !== "object" || chunk === null) {
      draft.failed(protocolFailure(`${ctx.provider} sent a chunk that is no object.`, ctx));
      return;
    }
    draft.model ||= chunk.model;
    if (chunk.usage) draft.usage(usageOf(chunk.usage, this.#compat));
    const choice = chunk.choices?.[0];
    if (choice === undefined) return;
    if (choice.delta) this.#delta(choice.delta as unknown as Delta, draft);
    if (choice.finish_reason) draft.ended(reasonOf(choice.finish_reason), choice.finish_reason);
  }

  #delta(delta: Delta, draft: MessageDraft): void {
    const field = delta.reasoning_content ? "reasoning_content" : "reasoning";
    const thinking = delta[field];
    if (typeof thinking === "string" && thinking !== "") {
      this.spoke = true;
      draft.reasoning("reasoning", thinking);
      // The mark that lets the text go back to the server that wrote it, and nowhere else.
      draft.keep("reasoning", "reasoning", { field });
    }
    if (typeof delta.content === "string") this.#text(delta.content, draft);
    else for (const piece of delta.content ?? []) this.#piece(piece, draft);
    if (delta.refusal) {
      this.spoke = true;
      draft.refusal("refusal", delta.refusal);
    }
    for (const piece of delta.tool_calls ?? []) {
      this.spoke = true;
      this.#deltas.add(piece, draft);
    }
  }

  #text(text: string, draft: MessageDraft): void {
    if (text === "") return;
    this.spoke = true;
    draft.text("text", text);
  }

  #piece(piece: ContentPiece, draft: MessageDraft): void {
    if (piece.type === "text" && piece.text) this.#text(piece.text, draft);
    for (const thought of piece.thinking ?? []) {
      if (!thought.text) continue;
      draft.reasoning("reasoning", thought.text);
      draft.keep("reasoning", "reasoning", { field: "content" });
    }
  }
}

function reasonOf(raw: string): FinishReason {
  switch (raw) {
    // Which of the two it is, the parts decide: servers say `stop` beside calls.
    case "stop":
    case "end_turn":
    case "eos":
    case "tool_calls":
    case "function_call":
      return "stop";
    case "length":
    case "model_length":
    case "max_tokens":
      return "length";
    case "content_filter":
      return "filtered";
    default:
      return "other";
  }
}
