/** Single parts of an AI SDK stream in our words. */
import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4Warning } from "@ai-sdk/provider";
import type { Json } from "@orch/core";
import { readCallInput } from "../../model/call-input.ts";
import type { FileBytes, ProviderCallFacts } from "../../model/message-draft.ts";
import { cutText } from "../../platform/cut-text.ts";
import type { Citation, Opaque } from "../../words/message.ts";
import type { FinishReason, Usage } from "../../words/model.ts";

/** One kind of part. */
export type Part<TType extends LanguageModelV4StreamPart["type"]> = Extract<
  LanguageModelV4StreamPart,
  { type: TType }
>;

/** The reason for an end; `undefined` when the SDK made up the end because the server sent none. */
export function reasonOf(
  unified: Part<"finish">["finishReason"]["unified"],
  raw: string | undefined,
): FinishReason | undefined {
  if (raw === "pause_turn") return "paused";
  if (raw === "refusal") return "refusal";
  switch (unified) {
    case "stop":
    // Which of the two it is, the parts decide.
    case "tool-calls":
      return "stop";
    case "length":
      return "length";
    case "content-filter":
      return "filtered";
    case "error":
      return "error";
    case "interrupted":
      return undefined;
    // v3 has no reason for a cut-off answer. An end without a reason from the server counts as one.
    default:
      return raw === undefined ? undefined : "other";
  }
}

export function warningText(warning: SharedV4Warning): string {
  switch (warning.type) {
    case "unsupported":
    case "compatibility": {
      const how = warning.type === "unsupported" ? "is not supported by" : "is only imitated for";
      return `"${warning.feature}" ${how} this model.${warning.details ? ` ${warning.details}` : ""}`;
    }
    case "deprecated":
      return `"${warning.setting}" is deprecated: ${warning.message}`;
    case "other":
      return warning.message;
  }
}

export function citationOf(source: Part<"source">): Citation {
  const title = source.title === undefined ? {} : { title: source.title };
  return source.sourceType === "url" ? { url: source.url, ...title } : title;
}

export function callPart({ toolCallId, toolName, input, providerMetadata }: Part<"tool-call">): Opaque {
  const read = readCallInput(input);
  return {
    type: "tool-call",
    toolCallId,
    toolName,
    input: "input" in read ? read.input : {},
    providerExecuted: true,
    ...(providerMetadata && { providerOptions: providerMetadata as Opaque }),
  };
}

export function resultPart(part: Part<"tool-result">): Opaque {
  const { toolCallId, toolName, result, isError, providerMetadata } = part;
  return {
    type: "tool-result",
    toolCallId,
    toolName,
    output: { type: isError ? "error-json" : "json", value: result as Json },
    ...(providerMetadata && { providerOptions: providerMetadata as Opaque }),
  };
}

/** The longest that is told of an output; the whole goes back to the provider. */
const SHORT = 2_000;

/** What a tool that ran at the provider gave, in short. */
export function resultFacts({ result, isError }: Part<"tool-result">): ProviderCallFacts {
  const text = typeof result === "string" ? result : JSON.stringify(result);
  return { status: isError ? "failed" : "done", output: cutText(text, SHORT) };
}

/** The specification v3 hands over plain bytes; v4 wraps them with their kind. */
export function bytesOf(data: unknown): FileBytes {
  if (typeof data === "string") return { data };
  if (data instanceof Uint8Array) {
    let binary = "";
    for (const byte of data) binary += String.fromCharCode(byte);
    return { data: btoa(binary) };
  }
  const { data: inner, url } = data as { readonly data?: unknown; readonly url?: unknown };
  return url === undefined ? bytesOf(inner ?? "") : { url: String(url) };
}

/** The totals are inclusive already; a provider that does not count leaves them out. */
export function usageOf({ inputTokens, outputTokens, raw }: LanguageModelV4Usage): Usage {
  const { total: input, cacheRead, cacheWrite } = inputTokens ?? {};
  const { total: output, reasoning } = outputTokens ?? {};
  return {
    input: input ?? 0,
    output: output ?? 0,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
    ...((input === undefined || output === undefined) && { estimated: true }),
    ...(raw !== undefined && { raw: raw as Json }),
  };
}
