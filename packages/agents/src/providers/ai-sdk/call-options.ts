/** Our request as the options of the AI SDK's `doStream`. */
import type { LanguageModelV3CallOptions, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Json } from "@orch/core";
import { cacheKey } from "../../model/cache-key.ts";
import { leftOutFiles, normalize } from "../../model/normalize.ts";
import type { CallIdRule } from "../../model/tool-call-ids.ts";
import type { FilePart, Origin } from "../../words/message.ts";
import type { JsonSchema, ModelCaps, ModelRequest, ToolSpec } from "../../words/model.ts";
import { formerTools } from "../former-tools.ts";
import type { AiSdkModel, SupportedUrls } from "./ai-sdk-model.ts";
import { promptV3, promptV4 } from "./prompt.ts";
import { knownTool } from "./provider-tools.ts";

const NOTHING: JsonSchema = { type: "object", properties: {} };

/** What the factory adds to each request. */
export interface CallSettings {
  readonly id: Origin;
  readonly caps: ModelCaps;
  readonly callIds: CallIdRule;
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly signal: AbortSignal;
  /** Media types that the provider package said it does not support. */
  readonly refused?: ReadonlySet<string>;
}

/** The options for `doStream`, and warnings about the parts of the request that they cannot express. */
export interface WrittenCall {
  readonly options: LanguageModelV3CallOptions | LanguageModelV4CallOptions;
  readonly losses: readonly string[];
}

/** Builds the options for the version that the model has. */
export async function callOptions(
  model: AiSdkModel,
  request: ModelRequest,
  { id, caps, callIds, headers, signal, refused }: CallSettings,
): Promise<WrittenCall> {
  const urls = await model.supportedUrls;
  const reads = (file: FilePart): boolean =>
    !refused?.has(file.mediaType) && isReachable(file, urls) && isPicture(file, model.provider);
  const readable = { ...caps, reads };
  const losses = [...leftOutFiles(request.messages, id, readable)];
  const messages = normalize(request.messages, id, readable, callIds);
  const { output } = request;
  const tools: readonly ToolSpec[] = request.tools?.length
    ? request.tools
    : formerTools(messages).map((tool) => ({ ...tool, schema: NOTHING }));
  const shared = {
    abortSignal: signal,
    headers: { ...headers, ...request.headers },
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, schema, strict, provider }) =>
        provider === undefined
          ? {
              type: "function" as const,
              name,
              description,
              inputSchema: { ...schema },
              ...(strict !== undefined && { strict }),
            }
          : knownTool(provider, name, model.provider, losses),
      ),
    }),
    ...chosen(request, tools),
    ...(output && {
      responseFormat: { type: "json" as const, name: output.name, schema: { ...output.schema } },
    }),
    ...(request.maxOutputTokens !== undefined && { maxOutputTokens: request.maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.stop?.length && { stopSequences: [...request.stop] }),
    providerOptions: providerOptions(model.provider, request, losses),
  };
  if (model.specificationVersion === "v4") {
    const { reasoning } = request;
    const options = { prompt: promptV4(messages), ...shared, ...(reasoning !== undefined && { reasoning }) };
    return { options, losses };
  }
  if (request.reasoning !== undefined && caps.reasoning) {
    losses.push("The reasoning effort is left out: models of the AI SDK take it from specification v4 on.");
  }
  return { options: { prompt: promptV3(messages), ...shared }, losses };
}

function chosen(request: ModelRequest, tools: readonly ToolSpec[]): { toolChoice?: Choice } {
  if (!request.tools?.length) return tools.length > 0 ? { toolChoice: { type: "none" } } : {};
  return request.toolChoice === undefined ? {} : { toolChoice: choice(request.toolChoice) };
}

/** The pictures that every provider behind the AI SDK takes, and the two more that Google does. A package hands on any. */
function isPicture({ mediaType, data }: FilePart, provider: string): boolean {
  if (!mediaType.startsWith("image/") || data === undefined) return true;
  return PICTURES.has(mediaType) || (provider.startsWith("google") && /^image\/hei[cf]$/.test(mediaType));
}

const PICTURES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

type Choice = { type: "auto" } | { type: "none" } | { type: "required" } | { type: "tool"; toolName: string };

function choice(wanted: NonNullable<ModelRequest["toolChoice"]>): Choice {
  return typeof wanted === "string" ? { type: wanted } : { type: "tool", toolName: wanted.name };
}

type Options = { [key: string]: Json };

/** The settings without a field in the specification, as provider options. */
function providerOptions(
  provider: string,
  request: ModelRequest,
  losses: string[],
): { [provider: string]: Options } {
  const family = provider.split(".", 1)[0] ?? provider;
  const own: Options = {};
  if (family === "openai" || family === "azure") {
    // Stateless on purpose: items that live at the provider are gone one day, and cannot move to another one.
    if (provider.endsWith(".responses")) own["store"] = false;
    if (request.output?.strict === false) own["strictJsonSchema"] = false;
    if (request.sessionId !== undefined && request.cache !== "none")
      own["promptCacheKey"] = cacheKey(request.sessionId);
    if (request.parallelToolCalls !== undefined) own["parallelToolCalls"] = request.parallelToolCalls;
  } else if (family === "anthropic") {
    if (request.parallelToolCalls === false) own["disableParallelToolUse"] = true;
  } else if (request.parallelToolCalls !== undefined) {
    losses.push(
      "Whether tools may be called side by side is left to the model: the AI SDK has no field for it.",
    );
  }
  const all: { [provider: string]: Options } = Object.keys(own).length > 0 ? { [family]: own } : {};
  for (const [name, given] of Object.entries(request.providerOptions ?? {})) {
    all[name] = { ...all[name], ...given };
  }
  return all;
}

/** Whether a file has its data or an address that the provider fetches. Unlike the SDK, this adapter fetches none. */
function isReachable({ url, mediaType }: FilePart, urls: SupportedUrls): boolean {
  if (url === undefined) return true;
  if (!URL.canParse(url)) return false;
  return Object.entries(urls).some(
    ([type, patterns]) => fits(mediaType, type) && patterns.some((one) => one.test(url.toLowerCase())),
  );
}

function fits(mediaType: string, pattern: string): boolean {
  if (pattern === "*" || pattern === "*/*") return true;
  return pattern.endsWith("/*") ? mediaType.startsWith(pattern.slice(0, -1)) : mediaType === pattern;
}
