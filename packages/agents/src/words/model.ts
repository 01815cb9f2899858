/**
 * The boundary to a language model: one method.
 *
 * Contract of `stream`: after it was called it never throws. Transport, HTTP and parse failures
 * arrive as the `finish` event, with what was received until then in its message. `finish` comes
 * exactly once and last. Only a programming mistake (a schema that cannot be sent, a missing SDK)
 * may throw, and then before the first event.
 */
import type { Json } from "@orch/core";
import type { AssistantMessage, AssistantPart, Message, Opaque, Origin } from "./message.ts";
import type { ProviderTool } from "./provider-tool.ts";

/** A JSON Schema document, draft 2020-12. */
export type JsonSchema = { readonly [key: string]: Json };

/** A tool as the model sees it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  /** Whether the provider may constrain the arguments to the schema. */
  readonly strict?: boolean;
  /** Set for a tool that the provider knows by itself; it is sent in the provider's own form, and the schema is not. */
  readonly provider?: ProviderTool;
}

/** One call of a model: the whole conversation and what is wanted. */
export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSpec[];
  readonly toolChoice?: "auto" | "none" | "required" | { readonly name: string };
  /** The names of those `tools` that may be called now, where that is not all of them. Only where `caps.allowedTools`. */
  readonly allowedTools?: readonly string[];
  readonly parallelToolCalls?: boolean;
  /** Asks for an answer that fits a schema, in the provider's own way. Only where `caps.output` is `native`. */
  readonly output?: { readonly name: string; readonly schema: JsonSchema; readonly strict?: boolean };
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly stop?: readonly string[];
  readonly reasoning?: "none" | "low" | "medium" | "high" | "max";
  readonly cache?: "none" | "short" | "long";
  /** Groups the calls of one conversation, for the provider's cache. */
  readonly sessionId?: string;
  /** By provider id, passed through as it is. */
  readonly providerOptions?: { readonly [provider: string]: Opaque };
  readonly headers?: { readonly [name: string]: string };
  readonly signal: AbortSignal;
  /** Told before a failed call is made again, by whatever wraps the model; providers do not see it. `delay` is in milliseconds. */
  readonly onRetry?: (retry: {
    readonly attempt: number;
    readonly delay: number;
    readonly failure: ModelFailure;
  }) => void;
}

/** Tokens of one call. `input` and `output` are inclusive totals; the rest are parts of them. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The part of `cacheWrite` that is kept for long, where that is told: Anthropic's one hour costs more than five minutes. */
  readonly cacheWriteLong?: number;
  readonly reasoning?: number;
  /** How often the provider searched the web, which it bills apart. */
  readonly webSearches?: number;
  /** Set when the figures are counted by us, not told by the provider. */
  readonly estimated?: true;
  /**
   * What the call cost in US dollars, where the answer says it: from a provider that bills by itself, or a
   * wrapper that knows which of its models it was. It stands before any price.
   */
  readonly cost?: number;
  readonly raw?: Json;
}

/** Why a model stopped. Only `stop` and `tool-calls` are whole answers. */
export type FinishReason =
  | "stop"
  | "tool-calls"
  | "length"
  | "refusal"
  | "filtered"
  | "paused"
  | "interrupted"
  | "aborted"
  | "error"
  | "other";

/** A failure at the model boundary, as data. */
export interface ModelFailure {
  readonly kind:
    | "auth"
    | "blocked"
    | "refused"
    | "rate-limit"
    | "overloaded"
    | "quota"
    | "context-length"
    | "bad-request"
    | "not-found"
    | "timeout"
    | "network"
    | "cut"
    | "protocol"
    | "server"
    | "aborted";
  /** A sentence for people, without secrets. */
  readonly message: string;
  readonly status?: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Whether each other call of this model will meet the same, as with a wrong key. Default: as the kind is by itself. */
  readonly terminal?: boolean;
  /** The provider's own word for it. */
  readonly code?: string;
  /** The way out, in one sentence. */
  readonly hint?: string;
  /** How long the provider asks us to wait. */
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  /** What the model did wrong, where the server reports it as a failure, like a call that cannot be read. An agent tells its model, and asks again. */
  readonly mistake?: string;
}

/** How an assistant message ended. `raw` is the provider's own word. */
export interface Finish {
  readonly reason: FinishReason;
  readonly raw?: string;
  readonly error?: ModelFailure;
}

/** What a model streams. `index` numbers the parts of the message in order of their beginning. */
export type ModelEvent =
  | {
      readonly type: "start";
      readonly requestId?: string;
      readonly model?: string;
      readonly warnings?: readonly string[];
    }
  | { readonly type: "text"; readonly index: number; readonly delta: string }
  | { readonly type: "reasoning"; readonly index: number; readonly delta: string }
  | {
      readonly type: "tool-input";
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly delta: string;
    }
  /** A tool began to run at the provider. */
  | { readonly type: "provider-call"; readonly index: number; readonly id: string; readonly name: string }
  /** A part is complete; this is the authoritative form of it. */
  | { readonly type: "part"; readonly index: number; readonly part: AssistantPart }
  | { readonly type: "ping" }
  | {
      readonly type: "finish";
      readonly message: AssistantMessage;
      readonly usage: Usage;
      readonly warnings?: readonly string[];
    };

/** The last event of a stream. */
export type FinishEvent = Extract<ModelEvent, { readonly type: "finish" }>;

/** Prices in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** What cached input costs. Default: `input`. */
  readonly cacheRead?: number;
  /** What input costs that goes into the cache. Default: `input`. */
  readonly cacheWrite?: number;
  /** The same where it is kept for long, at Anthropic an hour. Default: `cacheWrite`. */
  readonly cacheWriteLong?: number;
  /** What one search of the web costs that the provider makes, in US dollars. Default 0.01, as at OpenAI and Anthropic. */
  readonly webSearch?: number;
}

/** What a model can do. */
export interface ModelCaps {
  /** False for `local/extractive`, which quotes and does not write. */
  readonly generative: boolean;
  readonly tools: boolean;
  readonly parallelTools: boolean;
  /** How it gives structured output: by its API, by a tool we add, by instructions, or not at all. */
  readonly output: "native" | "tool" | "prompt" | "none";
  /** Whether it can be told which of the tools are allowed in a turn, with the list of tools as it was. Default false. */
  readonly allowedTools?: boolean;
  /** Whether structured output and tools may be asked for in one request. */
  readonly outputWithTools: boolean;
  readonly images: boolean;
  readonly files: boolean;
  readonly reasoning: boolean;
  /** In tokens. */
  readonly contextWindow?: number;
  readonly price?: Price;
}

/** A language model. */
export interface Model {
  readonly id: Origin;
  readonly caps: ModelCaps;
  readonly stream: (request: ModelRequest) => AsyncIterable<ModelEvent>;
  /**
   * The model that a state of an orchestration uses in place of this one, by the path of its activation; `undefined` for this one. An agent
   * that is a state asks it when it begins. What wraps a model need not have it.
   */
  readonly inState?: (path: string) => Model | undefined;
}

/** `provider/model`, the name a model has in config and on screen. */
export function modelName(id: Origin): string {
  return `${id.provider}/${id.model}`;
}
