/** OpenAI's Responses API as a {@link Model}, on the official SDK's transport. */
import type OpenAI from "openai";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { modelStream } from "../../model/model-stream.ts";
import type { Origin } from "../../words/message.ts";
import type { Model, ModelCaps, ModelRequest } from "../../words/model.ts";
import { capsOf, type ProviderOptions, secretsOf } from "../provider-options.ts";
import { loadOpenAI, openAIEvents } from "./client.ts";
import { readResponseEvent } from "./read.ts";
import { responsesRequest } from "./request.ts";

/** Options of {@link openai}. */
export interface OpenAIOptions extends ProviderOptions {
  readonly apiKey: string;
  /** Default `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  readonly organization?: string;
}

/**
 * A model of OpenAI, over the Responses API. Stateless: nothing is stored at the provider, and
 * reasoning travels encrypted in the messages.
 *
 * The SDK (`openai`) is an optional peer dependency, loaded with the first call.
 *
 * @throws MissingSdkError (`ORCH_MISSING_SDK`) from the first call, when the SDK is not installed.
 */
export function openai(options: OpenAIOptions): Model {
  const id: Origin = { provider: "openai", api: "responses", model: options.model };
  const caps = capsOf(assumedCaps(options.model), options);
  let client: Promise<OpenAI> | undefined;
  return {
    id,
    caps,
    stream: (request: ModelRequest) => {
      const { body, warnings } = responsesRequest(request, id, caps);
      return modelStream<ResponseStreamEvent>({
        id,
        request,
        clock: options.clock,
        timeouts: options.timeouts,
        secrets: secretsOf(options.apiKey, options.headers, request.headers),
        warnings,
        open: async (opening) => {
          client ??= loadOpenAI({ ...options, provider: id.provider });
          const sdk = await client;
          const headers = request.headers ?? {};
          const signal = opening.controller.signal;
          const answer = await sdk.responses.create(body, { signal, headers }).asResponse();
          return openAIEvents<ResponseStreamEvent>(sdk, answer, opening, id.provider);
        },
        read: readResponseEvent,
      });
    },
  };
}

/** Models that reason take other parameters than those that do not; the name tells them apart. */
function assumedCaps(model: string): ModelCaps {
  return {
    generative: true,
    tools: true,
    allowedTools: true,
    parallelTools: true,
    output: "native",
    outputWithTools: true,
    images: true,
    files: true,
    reasoning: /^(?:o\d|gpt-[5-9]|codex)/.test(model) && !/-chat\b/.test(model),
  };
}
