/** Anthropic's Messages API as a {@link Model}, on the official SDK's transport. */

import type Anthropic from "@anthropic-ai/sdk";
import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages";
import { modelStream } from "../../model/model-stream.ts";
import type { Origin } from "../../words/message.ts";
import type { Model, ModelRequest } from "../../words/model.ts";
import { ANTHROPIC_CAPS } from "../assumed-caps.ts";
import { capsOf, type ProviderOptions, secretsOf } from "../provider-options.ts";
import type { CachePlacement } from "./cache-placement.ts";
import { anthropicEvents, loadAnthropic } from "./client.ts";
import { MessagesReader } from "./read.ts";
import { messagesRequest } from "./request.ts";
import type { ThinkingStyle } from "./thinking.ts";

/** Options of {@link anthropic}. */
export interface AnthropicOptions extends ProviderOptions {
  readonly apiKey: string;
  /** Default `https://api.anthropic.com`. */
  readonly baseURL?: string;
  /** The limit for a request without `maxOutputTokens`, in tokens. Default 4,096, or 16,384 with thinking. */
  readonly maxOutputTokens?: number;
  /** How thinking is asked for; `budget` is for models before the adaptive ones. Default by the model's name. */
  readonly thinking?: ThinkingStyle;
  /**
   * How long prompts are kept in the provider's cache, for requests that do not say it. Default `short` (5 minutes)
   * at Anthropic's own address and `none` with a `baseURL`, since not every server knows the field.
   */
  readonly cache?: ModelRequest["cache"];
  /** Where the cache's mark goes. Default `automatic`. */
  readonly cachePlacement?: CachePlacement;
  /** Lets the model cite the documents it is given, by their words. Default false. */
  readonly citations?: boolean;
}

/**
 * A model of Anthropic, over the Messages API.
 *
 * The SDK (`@anthropic-ai/sdk`) is an optional peer dependency, loaded with the first call.
 *
 * @throws MissingSdkError (`ORCH_MISSING_SDK`) from the first call, when the SDK is not installed.
 */
export function anthropic(options: AnthropicOptions): Model {
  const id: Origin = { provider: "anthropic", api: "messages", model: options.model };
  const caps = capsOf(ANTHROPIC_CAPS, options);
  const thinking = options.thinking ?? thinkingStyle(options.model);
  const cache = options.cache ?? (options.baseURL === undefined ? "short" : "none");
  let client: Promise<Anthropic> | undefined;
  return {
    id,
    caps,
    stream: (request: ModelRequest) => {
      const { maxOutputTokens, cachePlacement, citations } = options;
      const settings = { thinking, maxOutputTokens, cache, cachePlacement, citations };
      const { body, warnings, betas } = messagesRequest(request, id, caps, settings);
      const reader = new MessagesReader();
      return modelStream<RawMessageStreamEvent>({
        id,
        request,
        clock: options.clock,
        timeouts: options.timeouts,
        secrets: secretsOf(options.apiKey, options.headers, request.headers),
        warnings,
        open: async (opening) => {
          client ??= loadAnthropic(options);
          const sdk = await client;
          const headers = withBetas({ ...options.headers, ...request.headers }, betas);
          const signal = opening.controller.signal;
          const answer = await sdk.messages.create(body, { signal, headers }).asResponse();
          return anthropicEvents(sdk, answer, opening, id.provider);
        },
        read: (event, draft) => reader.read(event, draft),
      });
    },
  };
}

/** Adds to the betas that are asked for already. */
function withBetas(
  headers: { readonly [name: string]: string },
  betas: readonly string[],
): { readonly [name: string]: string } {
  if (betas.length === 0) return headers;
  const [name = "anthropic-beta", own = ""] =
    Object.entries(headers).find(([key]) => key.toLowerCase() === "anthropic-beta") ?? [];
  const named = own.split(",").map((one) => one.trim());
  return { ...headers, [name]: [...new Set([...named, ...betas])].filter((one) => one !== "").join(",") };
}

/** Models up to Claude 4.5 want a number of tokens to think with. */
function thinkingStyle(model: string): ThinkingStyle {
  return /claude-(?:3|(?:opus|sonnet|haiku)-4(?:-[015])?(?:-\d{8}|$))/.test(model) ? "budget" : "adaptive";
}
