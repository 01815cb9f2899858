/** The official `openai` package as transport, for both of its wire formats. */
import type OpenAI from "openai";
import { MissingSdkError } from "../../errors/missing-sdk-error.ts";
import type { Opened, Opening } from "../../model/model-stream.ts";
import { sdkFailure } from "../../model/sdk-failure.ts";
import { systemFetch } from "../../platform/proxy/proxied-fetch.ts";
import { notEvents, watchedEvents } from "../event-stream.ts";
import { type ProviderOptions, SDK_TIMEOUT } from "../provider-options.ts";
import { tellingFetch } from "./telling-fetch.ts";

/** What a client of this package needs to know. */
export interface OpenAIClientOptions extends Pick<ProviderOptions, "headers" | "fetch"> {
  /** As shown to people. */
  readonly provider: string;
  /** Absent for servers that want none. */
  readonly apiKey?: string | undefined;
  readonly baseURL?: string | undefined;
  readonly organization?: string | undefined;
}

/** Makes a client that neither retries, nor logs, nor reads the environment for what we can name. */
export async function loadOpenAI(options: OpenAIClientOptions): Promise<OpenAI> {
  const { Client } = await openaiSdk(options.provider);
  return new Client({
    apiKey: options.apiKey ?? "none",
    adminAPIKey: null,
    baseURL: options.baseURL ?? "https://api.openai.com/v1",
    organization: options.organization ?? null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: SDK_TIMEOUT,
    logLevel: "off",
    // Keys in headers and the conversation go to the address that was configured, and to no other.
    fetchOptions: { redirect: "manual" },
    defaultHeaders: { ...(options.apiKey === undefined && { Authorization: null }), ...options.headers },
    fetch: tellingFetch(options.fetch ?? systemFetch),
  });
}

/**
 * Reads the answer with the SDK's own parser of server-sent events. The parser gets the client, for
 * without one it writes what it cannot read to the console.
 */
export async function openAIEvents<TEvent>(
  client: OpenAI,
  answer: Response,
  opening: Opening,
  provider: string,
): Promise<Opened<TEvent>> {
  const watched = watchedEvents(answer, opening);
  if (!(watched instanceof Response)) throw notEvents(watched, provider);
  const { Stream } = await openaiSdk(provider);
  return {
    events: Stream.fromSSEResponse<TEvent>(watched, opening.controller, client),
    requestId: answer.headers.get("x-request-id") ?? undefined,
  };
}

/** Each import stands in the `try` by itself and is awaited at once: in this form every bundler lets it be absent. */
async function openaiSdk(provider: string): Promise<{
  readonly Client: typeof OpenAI;
  readonly Stream: typeof import("openai/streaming").Stream;
}> {
  const facts = { provider, package: "openai", version: "7" };
  try {
    const { default: Client } = await import("openai");
    const { Stream } = await import("openai/streaming");
    // A bundler that was told to leave the package out gives an empty one.
    if (Client === undefined) throw new MissingSdkError(facts);
    return { Client, Stream };
  } catch (error) {
    throw sdkFailure(error, facts);
  }
}
