/** The shape of an AI SDK language model that we use. The SDK itself is never loaded. */

/** The versions of the AI SDK's language model specification that are understood. */
export type AiSdkVersion = "v3" | "v4";

/** The shape of a `LanguageModelV3` or `LanguageModelV4` of `@ai-sdk/provider`. */
export interface AiSdkModel {
  readonly specificationVersion: AiSdkVersion;
  /** Like `openai.responses`. */
  readonly provider: string;
  readonly modelId: string;
  /** Which addresses of files the provider fetches itself, by media type. */
  readonly supportedUrls: SupportedUrls | PromiseLike<SupportedUrls>;
  /** Streams one answer. `never` takes a model of either version. */
  readonly doStream: (options: never) => PromiseLike<AiSdkStream>;
}

/** Patterns of addresses by media type; `*` and `image/*` stand for many. */
export type SupportedUrls = { readonly [mediaType: string]: readonly RegExp[] };

/** What `doStream` resolves with. */
export interface AiSdkStream {
  readonly stream: ReadableStream<object>;
  readonly response?: { readonly headers?: { readonly [name: string]: string } };
}
