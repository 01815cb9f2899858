/** The events of the Messages API, read into a draft. */
import type {
  MessageDeltaUsage,
  RawContentBlockDeltaEvent,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
  TextCitation,
  Usage as WireUsage,
} from "@anthropic-ai/sdk/resources/messages";
import { type Json, parseJson } from "@orch/core";
import type { MessageDraft } from "../../model/message-draft.ts";
import type { Citation, Opaque } from "../../words/message.ts";
import type { FinishReason, Usage } from "../../words/model.ts";
import { madeFiles, toolAnswer, usedTool } from "./provider-calls.ts";

/** The figures of the start and of the end; how long a cache keeps what was written, only the start tells. */
type Counted = {
  -readonly [K in (keyof WireUsage & keyof MessageDeltaUsage) | "cache_creation"]?: WireUsage[K] | null;
};

/** Reads the events of one message. */
export class MessagesReader {
  #usage: Counted = {};
  #stop: string | undefined;
  /** Blocks of tools that run at the provider, with the pieces of their input. */
  /** Where the calls at the provider stand, by their ids. */
  readonly #asked = new Map<string, number>();
  readonly #foreign = new Map<number, { block: Opaque; input: string }>();

  read(event: RawMessageStreamEvent, draft: MessageDraft): void {
    switch (event.type) {
      case "message_start":
        draft.model = event.message.model;
        this.#count(event.message.usage, draft);
        return;
      case "content_block_start":
        this.#startBlock(event, draft);
        return;
      case "content_block_delta":
        this.#delta(event, draft);
        return;
      case "content_block_stop":
        this.#closeForeign(event.index, draft);
        if (!this.#isAsked(event.index)) draft.close(event.index);
        return;
      case "message_delta":
        this.#stop = event.delta.stop_reason ?? this.#stop;
        if (event.usage) this.#count(event.usage, draft);
        return;
      case "message_stop":
        draft.ended(reasonOf(this.#stop), this.#stop);
        return;
    }
  }

  #isAsked(index: number): boolean {
    return [...this.#asked.values()].includes(index);
  }

  #startBlock({ index, content_block: block }: RawContentBlockStartEvent, draft: MessageDraft): void {
    switch (block.type) {
      case "text":
        draft.text(index, block.text);
        return;
      case "thinking":
        draft.reasoning(index, block.thinking);
        if (block.signature) draft.keep(index, "reasoning", { signature: block.signature });
        return;
      case "redacted_thinking":
        draft.redact(index);
        draft.keep(index, "reasoning", { data: block.data });
        return;
      case "tool_use":
        draft.call(index, block.id, block.name);
        return;
      default:
        this.#foreign.set(index, { block: block as unknown as Opaque, input: "" });
        this.#startForeign(index, block as unknown as Opaque, draft);
    }
  }

  #delta({ index, delta }: RawContentBlockDeltaEvent, draft: MessageDraft): void {
    switch (delta.type) {
      case "text_delta":
        draft.text(index, delta.text);
        return;
      case "thinking_delta":
        draft.reasoning(index, delta.thinking);
        return;
      case "signature_delta":
        draft.keep(index, "reasoning", { signature: delta.signature });
        return;
      case "input_json_delta": {
        const foreign = this.#foreign.get(index);
        if (foreign) foreign.input += delta.partial_json;
        else draft.input(index, delta.partial_json);
        return;
      }
      case "citations_delta":
        draft.cite(index, citationOf(delta.citation));
        this.#keepCitation(index, delta.citation, draft);
        return;
    }
  }

  /** As it came, for the day it goes back: its place in the document is nothing that our citations hold. */
  #keepCitation(index: number, citation: TextCitation, draft: MessageDraft): void {
    const before = draft.kept(index)?.["citations"];
    const citations = [...(Array.isArray(before) ? before : []), citation as unknown as Json];
    draft.keep(index, "text", { citations });
  }

  #closeForeign(index: number, draft: MessageDraft): void {
    const foreign = this.#foreign.get(index);
    if (foreign === undefined) return;
    const input = foreign.input === "" ? {} : { input: parseJson(foreign.input) };
    const block = { ...foreign.block, ...input };
    const call = usedTool(block);
    if (call !== undefined) {
      draft.providerFacts(index, { input: block["input"] ?? {} });
      draft.keep(index, "provider-call", { block });
      return;
    }
    const answer = toolAnswer(block);
    const asked = answer && this.#asked.get(answer.id);
    if (answer !== undefined && asked !== undefined) {
      draft.providerFacts(asked, answer.facts);
      draft.close(asked);
    } else if (answer !== undefined) {
      // The call stands in the message before, which the provider paused.
      draft.providerCall(index, answer.id, answer.name);
      draft.providerFacts(index, answer.facts);
    }
    draft.keep(index, draft.has(index) ? "provider-call" : "text", { block });
    for (const id of madeFiles(block)) {
      const stored = { provider: "anthropic", id };
      draft.file(`file ${id}`, "application/octet-stream", { stored }, { of: answer?.id ?? "" });
    }
  }

  /** A call at the provider stays open until its result comes, in a block of its own. */
  #startForeign(index: number, block: Opaque, draft: MessageDraft): void {
    const call = usedTool(block);
    if (call === undefined) return;
    draft.providerCall(index, call.id, call.name);
    this.#asked.set(call.id, index);
  }

  /** Figures come at the start and again, cumulatively, at the end: the later ones replace the earlier. */
  #count(usage: Counted | undefined, draft: MessageDraft): void {
    if (usage === undefined || usage === null) return;
    const told = Object.entries(usage).filter(([, value]) => value !== null && value !== undefined);
    this.#usage = { ...this.#usage, ...(Object.fromEntries(told) as Counted) };
    draft.usage(usageOf(this.#usage));
  }
}

/** Anthropic's `input_tokens` leave the cache out; ours are inclusive. */
function usageOf(usage: Counted): Usage {
  const cacheRead = usage.cache_read_input_tokens ?? 0;
  const cacheWrite = usage.cache_creation_input_tokens ?? 0;
  const cacheWriteLong = Math.min(usage.cache_creation?.ephemeral_1h_input_tokens ?? 0, cacheWrite);
  const reasoning = usage.output_tokens_details?.thinking_tokens;
  const webSearches = usage.server_tool_use?.web_search_requests ?? 0;
  return {
    input: (usage.input_tokens ?? 0) + cacheRead + cacheWrite,
    output: usage.output_tokens ?? 0,
    ...(cacheRead > 0 && { cacheRead }),
    ...(cacheWrite > 0 && { cacheWrite }),
    ...(cacheWriteLong > 0 && { cacheWriteLong }),
    ...(reasoning !== undefined && { reasoning }),
    // A request has tokens: a gateway that says 0 has not counted.
    ...(usage.input_tokens === 0 && cacheRead + cacheWrite === 0 && { estimated: true as const }),
    ...(webSearches > 0 && { webSearches }),
    raw: usage as unknown as Json,
  };
}

function reasonOf(raw: string | undefined): FinishReason {
  switch (raw) {
    case "end_turn":
    case "stop_sequence":
    case "tool_use":
      return "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "refusal";
    case "pause_turn":
      return "paused";
    default:
      return "other";
  }
}

function citationOf(citation: TextCitation): Citation {
  const quote = { quote: citation.cited_text };
  switch (citation.type) {
    case "web_search_result_location":
      return { ...quote, url: citation.url, ...(citation.title && { title: citation.title }) };
    case "search_result_location":
      return { ...quote, url: citation.source, ...(citation.title && { title: citation.title }) };
    default:
      return { ...quote, ...(citation.document_title && { title: citation.document_title }) };
  }
}
