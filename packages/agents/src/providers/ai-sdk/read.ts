/** The parts of an AI SDK stream, read into a draft. Both versions have the same parts; v4 has a few more. */
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { type FailureContext, failureOf, providerFailure } from "../../model/failure.ts";
import type { MessageDraft, PartKey } from "../../model/message-draft.ts";
import type { Citation, Opaque } from "../../words/message.ts";
import type { ModelFailure } from "../../words/model.ts";
import { aiSdkFailure } from "./failure.ts";
import {
  bytesOf,
  callPart,
  citationOf,
  type Part,
  reasonOf,
  resultFacts,
  resultPart,
  usageOf,
  warningText,
} from "./parts.ts";

/** Reads the parts of one message. */
export class AiSdkReader {
  /** The last error the stream reported; it counts when no whole end follows. */
  failure: ModelFailure | undefined;
  readonly #warnings: string[];
  /** Keys of open parts by kind and id; ids may come again after their part ended. */
  readonly #open = new Map<string, PartKey>();
  /** Calls that run at the provider. */
  readonly #foreign = new Set<string>();
  #text: PartKey | undefined;
  /** Sources that were received; they belong to the text part that ends next. */
  #sources: Citation[] = [];
  #count = 0;

  constructor(warnings: string[]) {
    this.#warnings = warnings;
  }

  read(part: LanguageModelV4StreamPart, draft: MessageDraft, ctx: FailureContext): void {
    switch (part.type) {
      case "stream-start":
        this.#warnings.push(...(part.warnings ?? []).map(warningText));
        return;
      case "response-metadata":
        draft.model = part.modelId ?? draft.model;
        return;
      case "text-start":
      case "text-delta":
      case "text-end":
        this.#readText(part, draft);
        return;
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        this.#readReasoning(part, draft);
        return;
      case "tool-input-start":
      case "tool-input-delta":
      case "tool-call":
        this.#readCall(part, draft);
        return;
      case "tool-result":
        if (!part.preliminary) this.#endForeign(part, draft);
        return;
      case "source":
        this.#sources.push(citationOf(part));
        return;
      case "file":
        draft.file(this.#key("file", String(this.#count)), part.mediaType, bytesOf(part.data));
        return;
      case "error":
        this.failure = aiSdkFailure(part.error, ctx) ?? failureOf(part.error, ctx);
        return;
      case "finish":
        this.#finish(part, draft, ctx);
        return;
      default:
        // Pings, raw chunks, approvals and custom parts say nothing that our parts could hold.
        return;
    }
  }

  #key(kind: string, id: string): PartKey {
    const known = this.#open.get(`${kind}:${id}`);
    if (known !== undefined) return known;
    const key = `${kind}:${this.#count++}`;
    this.#open.set(`${kind}:${id}`, key);
    return key;
  }

  #readText(part: Part<"text-start" | "text-delta" | "text-end">, draft: MessageDraft): void {
    const key = this.#key("text", part.id);
    this.#text = key;
    this.#keep(key, "text", part.providerMetadata, draft);
    if (part.type === "text-delta") draft.text(key, part.delta);
    if (part.type !== "text-end") return;
    const quoted = (part.citations ?? []).map(({ source, citedText }): Citation => {
      return { ...citationOf(source), ...(citedText !== undefined && { quote: citedText }) };
    });
    // What is quoted came as a source, too.
    const others = this.#sources.splice(0).filter(({ url }) => !quoted.some((one) => url && one.url === url));
    for (const citation of [...others, ...quoted]) draft.cite(key, citation);
    draft.close(key);
    this.#open.delete(`text:${part.id}`);
    this.#text = undefined;
  }

  #readReasoning(
    part: Part<"reasoning-start" | "reasoning-delta" | "reasoning-end">,
    draft: MessageDraft,
  ): void {
    const key = this.#key("reasoning", part.id);
    // The mark that lets the text go back to the model that wrote it, also where it has no data beside it.
    this.#keep(key, "reasoning", part.providerMetadata ?? {}, draft);
    if (part.type === "reasoning-delta") draft.reasoning(key, part.delta);
    if (part.type !== "reasoning-end") return;
    draft.close(key);
    this.#open.delete(`reasoning:${part.id}`);
  }

  #readCall(part: Part<"tool-input-start" | "tool-input-delta" | "tool-call">, draft: MessageDraft): void {
    const id = part.type === "tool-call" ? part.toolCallId : part.id;
    if (part.type !== "tool-input-delta" && part.providerExecuted) this.#foreign.add(id);
    if (this.#foreign.has(id)) {
      if (part.type === "tool-call") this.#beginForeign(part, draft);
      return;
    }
    const key = this.#key("call", id);
    if (part.type === "tool-input-delta") {
      draft.input(key, part.delta);
      return;
    }
    if (!draft.has(key)) draft.call(key, id, part.toolName);
    this.#keep(key, "tool-call", part.providerMetadata, draft);
    if (part.type === "tool-input-start") return;
    if (draft.collected(key) === "") draft.input(key, part.input);
    draft.close(key, part.input);
    this.#open.delete(`call:${id}`);
  }

  #keep(
    key: PartKey,
    kind: "text" | "reasoning" | "tool-call",
    metadata: object | undefined,
    draft: MessageDraft,
  ): void {
    if (metadata === undefined) return;
    const before = draft.kept(key)?.["metadata"];
    draft.keep(key, kind, { metadata: { ...(before as Opaque | undefined), ...(metadata as Opaque) } });
  }

  /** A call at the provider stays open until its result comes. */
  #beginForeign(part: Part<"tool-call">, draft: MessageDraft): void {
    const key = this.#key("foreign", part.toolCallId);
    draft.providerCall(key, part.toolCallId, part.toolName);
    const kept = callPart(part);
    draft.providerFacts(key, { input: kept["input"] ?? {} });
    draft.keep(key, "provider-call", { part: kept });
  }

  #endForeign(part: Part<"tool-result">, draft: MessageDraft): void {
    const key = this.#open.get(`foreign:${part.toolCallId}`);
    if (key !== undefined) {
      draft.providerFacts(key, resultFacts(part));
      draft.close(key);
    }
    this.#keepForeign(resultPart(part), draft);
  }

  /** What is only given back as it is. */
  #keepForeign(part: Opaque, draft: MessageDraft): void {
    const key = this.#key("foreign", String(this.#count));
    draft.keep(key, "text", { part });
    draft.close(key);
  }

  #finish(part: Part<"finish">, draft: MessageDraft, ctx: FailureContext): void {
    if (part.usage) draft.usage(usageOf(part.usage));
    for (const source of this.#sources.splice(0)) draft.cite(this.#text ?? "sources", source);
    const { unified, raw } = part.finishReason;
    const reason = reasonOf(unified, raw);
    // A part that could not be read may have been anything: an end after it is no whole answer.
    if (reason === "error" || this.failure !== undefined) {
      const unnamed = { provider: ctx.provider, message: `no reason given (${raw ?? "error"})` };
      draft.failed(this.failure ?? providerFailure(unnamed, ctx), raw);
    } else if (reason !== undefined) draft.ended(reason, raw ?? unified);
  }
}
