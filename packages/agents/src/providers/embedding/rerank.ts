import { COUNT, checkNumbers } from "@orch/core/doors";
import { costOf, NO_USAGE } from "../../model/usage.ts";
import { wellFormed } from "../../platform/well-formed.ts";
import type { Usage } from "../../words/model.ts";
import type { Ranked, RerankModel } from "./embedding-model.ts";

/** Options of {@link rerank}. */
export interface RerankOptions {
  /** How many of the best are wanted. Default: all. */
  readonly top?: number;
  readonly signal?: AbortSignal;
}

/** A text with its place in the order. */
export interface RankedText extends Ranked {
  readonly text: string;
}

/** What {@link rerank} gives. */
export interface Reranking {
  /** The nearest first. */
  readonly ranking: readonly RankedText[];
  /** Marked as estimated where the server told nothing. */
  readonly usage: Usage;
  /** In US dollars; absent when it is unknown. */
  readonly cost?: number;
}

/**
 * Puts texts in order by how well they answer a query. No text, no call.
 *
 * @throws EmbeddingError (`ORCH_EMBEDDING`), OptionError (`ORCH_OPTION`).
 */
export async function rerank(
  model: RerankModel,
  query: string,
  texts: readonly string[],
  options: RerankOptions = {},
): Promise<Reranking> {
  const { top, signal = new AbortController().signal } = options;
  checkNumbers(COUNT, { top });
  if (texts.length === 0) return { ranking: [], usage: NO_USAGE, cost: 0 };
  const asked = { query: wellFormed(query), texts: wellFormed(texts), signal };
  const answer = await model.rerank({ ...asked, ...(top !== undefined && { top }) });
  const cost = costOf(answer.usage, model.price);
  const ranking = answer.ranking.map((one) => ({ ...one, text: texts[one.index] ?? "" }));
  return { ranking, usage: answer.usage, ...(cost !== undefined && { cost }) };
}
