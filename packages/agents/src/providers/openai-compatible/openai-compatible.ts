/** Any server that speaks Chat Completions, as a {@link Model}. */
import type { Random } from "@orch/core";
import { systemClock, systemRandom } from "@orch/core/doors";
import type OpenAI from "openai";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { modelStream } from "../../model/model-stream.ts";
import type { Origin } from "../../words/message.ts";
import type { Model, ModelRequest } from "../../words/model.ts";
import { loadOpenAI, openAIEvents } from "../openai/client.ts";
import { capsOf, type ProviderOptions, secretsOf } from "../provider-options.ts";
import { assumedCaps, type Compat, compatOf } from "./compat.ts";
import { type Preset, presetOf } from "./presets.ts";
import { ChatReader } from "./read.ts";
import { chatRequest } from "./request.ts";

/** Options of {@link openaiCompatible}. */
export interface OpenAICompatibleOptions extends ProviderOptions {
  /** The name shown and kept in messages, like `ollama`. */
  readonly provider: string;
  /** Up to and with the version, like `http://127.0.0.1:11434/v1`. */
  readonly baseURL: string;
  /** Absent for servers that want none. */
  readonly apiKey?: string;
  /** The known server that this server behaves like. Default: the one that the address belongs to, else `generic`. */
  readonly preset?: Preset;
  /** Corrects single habits of the preset. */
  readonly compat?: Partial<Compat>;
  /** Makes ids for calls that a server sends without one. */
  readonly random?: Random;
}

/**
 * A model behind an OpenAI-compatible server: one of those that have a preset, like OpenRouter, Gemini or Ollama, or any
 * other that speaks Chat Completions.
 *
 * The SDK (`openai`) is an optional peer dependency, loaded with the first call.
 *
 * @throws MissingSdkError (`ORCH_MISSING_SDK`) from the first call, when the SDK is not installed.
 */
export function openaiCompatible(options: OpenAICompatibleOptions): Model {
  const { preset = presetOf(options.baseURL), clock = systemClock, random = systemRandom } = options;
  const id: Origin = { provider: options.provider, api: "chat-completions", model: options.model };
  const compat = compatOf(preset, options.compat);
  const caps = capsOf(assumedCaps(compat), options);
  let client: Promise<OpenAI> | undefined;
  return {
    id,
    caps,
    stream: (request: ModelRequest) => {
      const { body, headers: own, warnings } = chatRequest(request, id, caps, compat);
      const reader = new ChatReader({ compat, clock, random });
      return modelStream<ChatCompletionChunk>({
        id,
        request,
        clock,
        timeouts: options.timeouts,
        secrets: secretsOf(options.apiKey, options.headers, request.headers),
        warnings,
        open: async (opening) => {
          client ??= loadOpenAI(options);
          const sdk = await client;
          const headers = { ...own, ...request.headers };
          const signal = opening.controller.signal;
          const answer = await sdk.chat.completions.create(body, { signal, headers }).asResponse();
          return openAIEvents<ChatCompletionChunk>(sdk, answer, opening, id.provider);
        },
        read: (chunk, draft, ctx) => reader.read(chunk, draft, ctx),
        end: (draft) => reader.end(draft),
        closed: () => (compat.finishOptional && reader.spoke ? { reason: "stop" } : undefined),
      });
    },
  };
}
