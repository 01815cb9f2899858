/** The official `openai` package as transport, for both of its wire formats. */
import type OpenAI from "openai";
import { loadSdk } from "../../model/load-sdk.ts";
import type { Opened, Opening } from "../../model/model-stream.ts";
import { notEvents, watchedEvents } from "../event-stream.ts";
import { type ProviderOptions, SDK_TIMEOUT } from "../provider-options.ts";

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
  const facts = { provider: options.provider, package: "openai", version: "7" };
  const sdk = await loadSdk(facts, () => import("openai"));
  return new sdk.default({
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
    ...(options.fetch !== undefined && { fetch: options.fetch }),
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
  const { Stream } = await import("openai/streaming");
  return {
    events: Stream.fromSSEResponse<TEvent>(watched, opening.controller, client),
    requestId: answer.headers.get("x-request-id") ?? undefined,
  };
}
