/** Orders of texts by servers that have the `/rerank` of Cohere and Jina: vLLM, llama.cpp, LiteLLM, Together, Voyage. */
import { isObject } from "../../platform/json-object.ts";
import type { Usage } from "../../words/model.ts";
import type { Ranked, RerankAnswer, RerankModel, RerankRequest } from "./embedding-model.ts";
import { tokensOf } from "./tokens-of.ts";
import { type WholeCallOptions, WholeCalls } from "./whole-call.ts";

/** Options of {@link compatibleRerank}. */
export interface CompatibleRerankOptions extends WholeCallOptions {
  readonly provider: string;
  /** Up to and with the version, like `http://127.0.0.1:8000/v1`; `/rerank` is added. */
  readonly baseURL: string;
  /** How the server calls the number of the best that are wanted. Default `top_n`; Voyage says `top_k`. */
  readonly topName?: "top_n" | "top_k";
}

/**
 * A model for {@link rerank}, of a server that has `/rerank`. The SDK (`openai`) carries the call; it is an optional
 * peer dependency, loaded with the first call.
 *
 * @throws OptionError (`ORCH_OPTION`) for a number that is out of its range.
 */
export function compatibleRerank(options: CompatibleRerankOptions): RerankModel {
  const { model, price, topName = "top_n" } = options;
  const caller = new WholeCalls("rerank", options);
  return {
    id: caller.id,
    ...(price !== undefined && { price }),
    rerank: (request) =>
      caller.call({
        task: "rerank",
        path: "/rerank",
        signal: request.signal,
        body: {
          model,
          query: request.query,
          documents: request.texts,
          ...(request.top !== undefined && { [topName]: request.top }),
        },
        read: (answer) => readAnswer(answer, request),
      }),
  };
}

function readAnswer(
  answer: unknown,
  { texts, query, top = texts.length }: RerankRequest,
): RerankAnswer | undefined {
  if (!isObject(answer)) return undefined;
  const items: unknown = answer["results"] ?? answer["data"];
  if (!Array.isArray(items)) return undefined;
  const ranking: Ranked[] = [];
  const seen = new Set<number>();
  for (const item of items) {
    if (!isObject(item)) return undefined;
    const { index, relevance_score: score = item["score"] } = item;
    if (typeof index !== "number" || !(index in texts) || seen.has(index)) return undefined;
    if (typeof score !== "number" || !Number.isFinite(score)) return undefined;
    seen.add(index);
    ranking.push({ index, score });
  }
  if (ranking.length < Math.min(top, texts.length)) return undefined;
  // Not every server heeds the number, nor sorts.
  const sorted = ranking.sort((a, b) => b.score - a.score || a.index - b.index).slice(0, top);
  return { ranking: sorted, usage: usageOf(answer, [query, ...texts]) };
}

/** Jina, vLLM and Voyage tell tokens in `usage`; Cohere in `meta.tokens`. */
function usageOf(answer: { readonly [key: string]: unknown }, texts: readonly string[]): Usage {
  const { total_tokens, prompt_tokens } = isObject(answer["usage"]) ? answer["usage"] : {};
  const meta = isObject(answer["meta"]) ? answer["meta"] : {};
  const { input_tokens } = isObject(meta["tokens"]) ? meta["tokens"] : {};
  return tokensOf([total_tokens, prompt_tokens, input_tokens], texts);
}
