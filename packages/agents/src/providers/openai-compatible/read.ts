/** The chunks of Chat Completions, read into a draft. */
import type { Clock, Random } from "@orch/core";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { type FailureContext, protocolFailure } from "../../model/failure.ts";
import type { MessageDraft } from "../../model/message-draft.ts";
import { mistaken } from "../../model/model-mistake.ts";
import type { FinishReason, ModelFailure } from "../../words/model.ts";
import type { Compat } from "./compat.ts";
import { type ProviderCalls, readProviderCalls } from "./provider-calls.ts";
import { Replayed } from "./replayed.ts";
import { type SplitText, ThinkTags } from "./think-tags.ts";
import { type ToolDelta, ToolDeltas } from "./tool-deltas.ts";
import { type ChatUsage, usageOf } from "./usage.ts";

/** The parts of a reader. */
export interface ChatReading {
  readonly compat: Compat;
  readonly clock: Clock;
  readonly random: Random;
}

/** A delta as servers send it. */
interface Delta extends ProviderCalls {
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
  readonly #replayed = new Replayed();
  readonly #tags: ThinkTags | undefined;
  /** Whether the server said anything that belongs to the message. */
  spoke = false;
  /** Whether the server said how the message ended. */
  #finished = false;

  constructor({ compat, clock, random }: ChatReading) {
    this.#compat = compat;
    this.#deltas = new ToolDeltas(clock.now, random);
    this.#tags = compat.thinkTags === "none" ? undefined : new ThinkTags(compat.thinkTags === "open");
  }

  read(chunk: ChatCompletionChunk, draft: MessageDraft, ctx: FailureContext): void {
    if (typeof chunk !== "object" || chunk === null) {
      draft.failed(protocolFailure(`${ctx.provider} sent a chunk that is no object.`, ctx));
      return;
    }
    draft.model ||= chunk.model;
    const choice = chunk.choices?.[0];
    this.#count(chunk, choice, draft);
    if (choice === undefined) return;
    // Some servers send the last piece as a whole message.
    const { delta = (choice as { readonly message?: unknown }).message } = choice as { delta?: unknown };
    if (delta) this.#delta(delta as Delta, draft);
    if (choice.finish_reason) this.#ended(choice.finish_reason, draft, ctx);
  }

  /** Tells what was held back, at the end of the stream. The half of a tag at the end of a stream that was cut is no text. */
  end(draft: MessageDraft): void {
    const isWhole = this.#finished || this.#compat.finishOptional;
    if (this.#tags !== undefined && isWhole) this.#say(this.#tags.end(), draft);
    this.#deltas.end(draft);
    this.#replayed.end(draft, FIRST_CALL, TEXT);
  }

  /** Figures stand where the server puts them: in the chunk, in the choice, or in a field of its own. */
  #count(chunk: ChatCompletionChunk, choice: unknown, draft: MessageDraft): void {
    const { x_groq, usage } = chunk as {
      readonly x_groq?: Counted | null;
      readonly usage?: ChatUsage | null;
    };
    for (const figures of [usage, (choice as Counted | undefined)?.usage, x_groq?.usage]) {
      if (figures) draft.usage(usageOf(figures, this.#compat));
    }
  }

  #ended(raw: string, draft: MessageDraft, ctx: FailureContext): void {
    this.#finished = true;
    if (!MALFORMED.test(raw) || !draft.isEmpty) draft.ended(reasonOf(raw), raw);
    else draft.failed(malformed(ctx), raw);
  }

  #delta(delta: Delta, draft: MessageDraft): void {
    this.#replayed.add(delta);
    readProviderCalls(delta, TEXT, draft);
    const field = delta.reasoning_content ? "reasoning_content" : "reasoning";
    const thinking = delta[field];
    if (typeof thinking === "string" && thinking !== "") {
      this.spoke = true;
      think(thinking, field, draft);
    }
    if (typeof delta.content === "string") this.#text(delta.content, draft);
    else for (const piece of delta.content ?? []) this.#piece(piece, draft);
    if (delta.refusal) {
      this.spoke = true;
      draft.refusal("refusal", delta.refusal);
    }
    for (const piece of delta.tool_calls ?? []) {
      if (!this.spoke && this.#tags !== undefined) this.#say(this.#tags.end(), draft);
      this.spoke = true;
      this.#deltas.add(piece, draft);
    }
  }

  #text(text: string, draft: MessageDraft): void {
    if (text === "") return;
    this.spoke = true;
    if (this.#tags === undefined || this.#tags.done) draft.text(TEXT, text);
    else this.#say(this.#tags.add(text), draft);
  }

  #say(said: readonly SplitText[], draft: MessageDraft): void {
    for (const { thinking, text } of said) {
      if (thinking) think(text, "tags", draft);
      else draft.text(TEXT, text);
    }
  }

  #piece(piece: ContentPiece, draft: MessageDraft): void {
    if (piece.type === "text" && piece.text) this.#text(piece.text, draft);
    for (const thought of piece.thinking ?? []) {
      if (thought.text) think(thought.text, "content", draft);
    }
  }
}

const TEXT = "text";
const FIRST_CALL = "call:0";

interface Counted {
  readonly usage?: ChatUsage | null;
}

/** `field` is where the server wrote it: the mark that lets the text go back to it, and nowhere else. */
function think(text: string, field: string, draft: MessageDraft): void {
  draft.reasoning("reasoning", text);
  draft.keep("reasoning", "reasoning", { field });
}

/** How servers say that the model wrote a call that cannot be read; nothing of it is given. */
const MALFORMED = /malformed[ _]?(?:function|tool)[ _]?call|unexpected[ _]tool[ _]call/i;

function malformed(ctx: FailureContext): ModelFailure {
  const said = "The model's tool call could not be read.";
  return mistaken(protocolFailure(`${ctx.provider} ended its answer: ${said}`, ctx), said);
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
