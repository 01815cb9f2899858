/** The official `@anthropic-ai/sdk` package as transport. */
import type Anthropic from "@anthropic-ai/sdk";
import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages";
import { MissingSdkError } from "../../errors/missing-sdk-error.ts";
import type { Opened, Opening } from "../../model/model-stream.ts";
import { sdkFailure } from "../../model/sdk-failure.ts";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import { notEvents, watchedEvents } from "../event-stream.ts";
import { type ProviderOptions, SDK_TIMEOUT } from "../provider-options.ts";

/** What a client needs to know. */
export interface AnthropicClientOptions extends Pick<ProviderOptions, "headers" | "fetch"> {
  readonly apiKey: string;
  readonly baseURL?: string | undefined;
}

/** Makes a client that neither retries, nor logs, nor traces, nor reads the environment for what we can name. */
export async function loadAnthropic(options: AnthropicClientOptions): Promise<Anthropic> {
  const { Client } = await anthropicSdk();
  return new Client({
    apiKey: options.apiKey,
    authToken: null,
    webhookKey: null,
    baseURL: options.baseURL ?? "https://api.anthropic.com",
    maxRetries: 0,
    timeout: SDK_TIMEOUT,
    logLevel: "off",
    // Keys in headers and the conversation go to the address that was configured, and to no other.
    fetchOptions: { redirect: "manual" },
    openTelemetry: false,
    defaultHeaders: { ...options.headers },
    fetch: options.fetch ?? systemFetch,
  });
}

/**
 * Reads the answer with the SDK's own parser of server-sent events. The parser gets the client, for
 * without one it writes what it cannot read to the console.
 */
export async function anthropicEvents(
  client: Anthropic,
  answer: Response,
  opening: Opening,
  provider: string,
): Promise<Opened<RawMessageStreamEvent>> {
  const watched = watchedEvents(answer, opening);
  if (!(watched instanceof Response)) throw notEvents(watched, provider);
  const { Stream } = await anthropicSdk();
  return {
    events: Stream.fromSSEResponse<RawMessageStreamEvent>(watched, opening.controller, client),
    requestId: answer.headers.get("request-id") ?? undefined,
  };
}

const FACTS = { provider: "anthropic", package: "@anthropic-ai/sdk", version: "1" } as const;

/** Each import stands in the `try` by itself and is awaited at once: in this form every bundler lets it be absent. */
async function anthropicSdk(): Promise<{
  readonly Client: typeof Anthropic;
  readonly Stream: typeof import("@anthropic-ai/sdk/streaming").Stream;
}> {
  try {
    const { default: Client } = await import("@anthropic-ai/sdk");
    const { Stream } = await import("@anthropic-ai/sdk/streaming");
    // A bundler that was told to leave the package out gives an empty one.
    if (Client === undefined) throw new MissingSdkError(FACTS);
    return { Client, Stream };
  } catch (error) {
    throw sdkFailure(error, FACTS);
  }
}
