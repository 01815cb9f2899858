/** A language model of the AI SDK as a {@link Model}. */

import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { AiSdkVersionError } from "../../errors/ai-sdk-version-error.ts";
import { modelStream, type Opening } from "../../model/model-stream.ts";
import type { CallIdRule } from "../../model/tool-call-ids.ts";
import type { Origin } from "../../words/message.ts";
import type { Model, ModelRequest } from "../../words/model.ts";
import { AI_SDK_CAPS } from "../assumed-caps.ts";
import { notEvents } from "../event-stream.ts";
import { capsOf, type ProviderOptions, secretsOf } from "../provider-options.ts";
import type { AiSdkModel, AiSdkStream } from "./ai-sdk-model.ts";
import { callOptions } from "./call-options.ts";
import { aiSdkFailure } from "./failure.ts";
import { AiSdkReader } from "./read.ts";
import { readerEvents } from "./reader-events.ts";
import { withoutRefusedFiles } from "./refused-files.ts";

/** Options of {@link fromAiSdk}. */
export interface AiSdkOptions extends Omit<ProviderOptions, "model" | "fetch"> {
  /** The name shown and kept in messages. Default: the model's own, like `openai.responses`. */
  readonly provider?: string;
  /** Which ids of calls the provider takes. Default `medium`, and `nine` for Mistral. */
  readonly callIds?: CallIdRule;
  /** Texts that failures must not repeat, like the key that the model was made with. */
  readonly secrets?: readonly string[];
}

/**
 * Wraps a language model of the AI SDK (specification v3 or v4, from any provider package), so that it
 * can be used wherever a model can. The model is taken by its shape: this package does not depend on the SDK.
 *
 * The silence limits count from part to part of the stream, since the bytes are not seen here; a provider's
 * own retries are not used.
 *
 * @example
 * ```ts
 * import { createOpenAI } from "@ai-sdk/openai";
 * const model = fromAiSdk(createOpenAI({ apiKey: "..." })("gpt-5.4-mini"));
 * ```
 * @throws AiSdkVersionError (`ORCH_AI_SDK_VERSION`) for anything else.
 */
export function fromAiSdk(model: AiSdkModel, options: AiSdkOptions = {}): Model {
  requireVersion(model);
  const id: Origin = { provider: options.provider ?? model.provider, api: "ai-sdk", model: model.modelId };
  const caps = capsOf(AI_SDK_CAPS, options);
  const callIds = options.callIds ?? (model.provider.startsWith("mistral") ? "nine" : "medium");
  return {
    id,
    caps,
    stream: (request: ModelRequest) => {
      const warnings: string[] = [];
      const reader = new AiSdkReader(warnings);
      return modelStream<LanguageModelV4StreamPart>({
        id,
        request,
        clock: options.clock,
        timeouts: options.timeouts,
        secrets: [...(options.secrets ?? []), ...secretsOf(undefined, options.headers, request.headers)],
        warnings,
        open: async (opening) => {
          const signal = opening.controller.signal;
          const settings = { id, caps, callIds, headers: options.headers, signal };
          const answer = await withoutRefusedFiles(request.messages, async (refused) => {
            const { options: call, losses } = await callOptions(model, request, { ...settings, refused });
            const stream = await (model.doStream as DoStream)(call);
            warnings.push(...losses);
            return stream;
          });
          return opened(answer, opening, id.provider);
        },
        read: (part, draft, ctx) => reader.read(part, draft, ctx),
        failure: aiSdkFailure,
        closed: () => (reader.failure === undefined ? undefined : { reason: "error", error: reader.failure }),
      });
    },
  };
}

type DoStream = (options: object) => PromiseLike<AiSdkStream>;

function opened(
  { stream, response }: AiSdkStream,
  { alive }: Opening,
  provider: string,
): { readonly events: AsyncIterable<LanguageModelV4StreamPart>; readonly requestId: string | undefined } {
  const headers = response?.headers ?? {};
  const type = headers["content-type"] ?? "";
  // A page of a login or a proxy: the SDK finds no events in it, and says nothing.
  if (/^(?:text\/html|application\/xhtml)/i.test(type)) {
    stream.cancel().catch(() => {});
    throw notEvents({ notEvents: type }, provider);
  }
  const events = readerEvents(stream as ReadableStream<LanguageModelV4StreamPart>, alive);
  return { events, requestId: headers["x-request-id"] ?? headers["request-id"] };
}

function requireVersion(model: AiSdkModel): void {
  // Callers without types hand over names of models, models of older versions, and promises.
  const given: unknown = model;
  const shape = (typeof given === "object" && given !== null ? given : {}) as Partial<AiSdkModel>;
  const version: unknown = shape.specificationVersion;
  if ((version === "v3" || version === "v4") && typeof shape.doStream === "function") return;
  const name = typeof given === "string" ? given : shape.modelId;
  throw new AiSdkVersionError({
    model: name === undefined ? "that was given" : `"${name}"`,
    found: version === undefined ? "none" : `"${String(version)}"`,
  });
}
