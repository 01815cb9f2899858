/** Vectors of OpenAI, and of the many servers that speak its Embeddings API. */
import { COUNT, checkNumbers } from "@orch/core/doors";
import { isObject } from "../../platform/json-object.ts";
import type { Usage } from "../../words/model.ts";
import type { EmbeddingAnswer, EmbeddingModel, Vector } from "./embedding-model.ts";
import { tokensOf } from "./tokens-of.ts";
import { type WholeCallOptions, WholeCalls } from "./whole-call.ts";

/** Options of {@link openaiEmbedding}. */
export interface OpenAIEmbeddingOptions extends WholeCallOptions {
  /** How many numbers a vector has, for a model that can make shorter ones. Default: the model's own. */
  readonly dimensions?: number;
  /** The most texts of one call. Default 256; OpenAI takes 2,048 of together 300,000 tokens. */
  readonly batch?: number;
  /** Sent with each call, beside what this package sends: `{ input_type: "query" }` for servers that ask for it. */
  readonly body?: { readonly [key: string]: unknown };
}

/**
 * A model for {@link embed}: OpenAI's, or one of a server that speaks the same API (Ollama, vLLM, LM Studio, Mistral,
 * Together, LiteLLM, ...). The SDK (`openai`) is an optional peer dependency, loaded with the first call.
 *
 * @throws OptionError (`ORCH_OPTION`) for a number that is out of its range.
 */
export function openaiEmbedding(options: OpenAIEmbeddingOptions): EmbeddingModel {
  const { model, dimensions, batch = 256, price } = options;
  checkNumbers(COUNT, { dimensions, batch });
  const caller = new WholeCalls("embeddings", options);
  return {
    id: caller.id,
    batch,
    ...(price !== undefined && { price }),
    embed: ({ texts, signal }) =>
      caller.call({
        task: "embed",
        path: "/embeddings",
        signal,
        // Not every server knows the shorter form of numbers that the SDK would ask for.
        body: {
          ...options.body,
          model,
          input: texts,
          encoding_format: "float",
          ...(dimensions && { dimensions }),
        },
        read: (answer) => readAnswer(answer, texts),
      }),
  };
}

/** The vectors in the order of the texts, which is not always that of the answer. */
function readAnswer(answer: unknown, texts: readonly string[]): EmbeddingAnswer | undefined {
  if (!isObject(answer) || !Array.isArray(answer["data"])) return undefined;
  const vectors = new Array<Vector | undefined>(texts.length).fill(undefined);
  for (const [at, item] of answer["data"].entries()) {
    if (!isObject(item) || !isVector(item["embedding"])) return undefined;
    const { index = at } = item as { readonly index?: unknown };
    if (typeof index !== "number" || !(index in vectors) || vectors[index] !== undefined) return undefined;
    vectors[index] = item["embedding"];
  }
  const [first] = vectors;
  const whole = vectors.filter((vector) => vector !== undefined && vector.length === first?.length);
  if (whole.length !== texts.length) return undefined;
  return { vectors: whole as readonly Vector[], usage: usageOf(answer["usage"], texts) };
}

function isVector(value: unknown): value is Vector {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isFinite);
}

function usageOf(usage: unknown, texts: readonly string[]): Usage {
  const { prompt_tokens, total_tokens } = isObject(usage) ? usage : {};
  return tokensOf([prompt_tokens, total_tokens], texts);
}
