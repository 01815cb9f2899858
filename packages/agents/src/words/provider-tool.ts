/** Tools that a provider knows by itself. Some run there; a computer, a shell and a memory are asked for there and run here. */
import type { Json } from "@orch/core";

/** Where a user is, roughly, for results of a search. */
export interface UserPlace {
  readonly city?: string;
  readonly region?: string;
  /** Two letters, like `NO`. */
  readonly country?: string;
  /** Like `Europe/Oslo`. */
  readonly timezone?: string;
}

/** How the provider searches the web. */
export interface WebSearchOptions {
  /** Only these domains, without `https://`. */
  readonly domains?: readonly string[];
  /** All but these domains. */
  readonly withoutDomains?: readonly string[];
  readonly place?: UserPlace;
  /** The most searches of one request. */
  readonly maxUses?: number;
  /** How much of what is found goes into the context. */
  readonly contextSize?: "low" | "medium" | "high";
}

/** How the provider reads pages of the web. */
export interface WebFetchOptions {
  readonly domains?: readonly string[];
  readonly withoutDomains?: readonly string[];
  readonly maxUses?: number;
  /** The most tokens that one page takes. */
  readonly maxTokens?: number;
  /** Whether the answer cites the pages. Default true. */
  readonly citations?: boolean;
}

/** Where the provider runs the code that the model writes. */
export interface CodeExecutionOptions {
  /** The id of a container that exists. Default: a fresh one. */
  readonly container?: string;
  /** Ids of uploaded files that a fresh container begins with. */
  readonly files?: readonly string[];
}

/** What the provider searches among the files that were uploaded to it. */
export interface FileSearchOptions {
  /** Ids of the provider's vector stores. */
  readonly stores: readonly string[];
  readonly maxResults?: number;
  /** In the provider's own form. */
  readonly filters?: { readonly [key: string]: Json };
}

/** What pictures the model makes. */
export interface ImageGenerationOptions {
  /** Like `1024x1024`. */
  readonly size?: string;
  readonly quality?: "low" | "medium" | "high" | "auto";
  readonly format?: "png" | "webp" | "jpeg";
  readonly background?: "transparent" | "opaque" | "auto";
  /** The provider's name of the model that draws. */
  readonly model?: string;
}

/** A server of tools (MCP) that the provider itself connects to. */
export interface HostedMcpOptions {
  /** Names the server: letters, digits, `_` and `-`. */
  readonly label: string;
  readonly url: string;
  /** For the model. */
  readonly description?: string;
  /** The names of the tools that may be called. Default: all. */
  readonly tools?: readonly string[];
  /** A token that the provider sends to the server. */
  readonly token?: string;
  /**
   * Whether a person agrees to each call. Default `ask`, which is a question of the run; `never` lets the provider call at once,
   * and has to be said where a provider cannot ask.
   */
  readonly approval?: "ask" | "never";
}

/** How the model finds its tools when they are many. */
export interface ToolSearchOptions {
  /** Names of own tools that the model sees only when it has found them. Default: all of the agent's own. */
  readonly tools?: readonly string[];
  /** Anthropic's way: by words or by patterns. Default `words`. */
  readonly by?: "words" | "patterns";
}

/** The screen that a computer shows. */
export interface ScreenOptions {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** A tool that a provider knows by itself, as a request names it. */
export type ProviderTool =
  | ({ readonly type: "web-search" } & WebSearchOptions)
  | ({ readonly type: "web-fetch" } & WebFetchOptions)
  | ({ readonly type: "code-execution" } & CodeExecutionOptions)
  | ({ readonly type: "file-search" } & FileSearchOptions)
  | ({ readonly type: "image-generation" } & ImageGenerationOptions)
  | ({ readonly type: "hosted-mcp" } & HostedMcpOptions)
  | ({ readonly type: "tool-search" } & ToolSearchOptions)
  | ({ readonly type: "computer" } & ScreenOptions)
  | { readonly type: "shell" }
  | { readonly type: "memory" };
