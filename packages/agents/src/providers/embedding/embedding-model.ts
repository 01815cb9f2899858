/** What turns texts into vectors, and what puts texts in order: the two boundaries of a search by meaning. */
import type { Origin } from "../../words/message.ts";
import type { Price, Usage } from "../../words/model.ts";

/** One vector: as many numbers as the model has dimensions. */
export type Vector = readonly number[];

/** One call of an {@link EmbeddingModel}. */
export interface EmbeddingRequest {
  /** At least one text, none of them empty, and at most `batch` of them. */
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
}

/** What one call gave. */
export interface EmbeddingAnswer {
  /** One for each text, in the order of the texts. */
  readonly vectors: readonly Vector[];
  readonly usage: Usage;
}

/** A model that turns texts into vectors. */
export interface EmbeddingModel {
  readonly id: Origin;
  /** The most texts that one call takes. */
  readonly batch: number;
  readonly price?: Price;
  /** @throws EmbeddingError (`ORCH_EMBEDDING`) when the call failed, after its last attempt. */
  readonly embed: (request: EmbeddingRequest) => Promise<EmbeddingAnswer>;
}

/** One call of a {@link RerankModel}. */
export interface RerankRequest {
  readonly query: string;
  /** At least one. */
  readonly texts: readonly string[];
  /** How many of the best are wanted. Absent: all. */
  readonly top?: number;
  readonly signal: AbortSignal;
}

/** The place of one text in an order. */
export interface Ranked {
  /** Which of the texts it is, from 0. */
  readonly index: number;
  /** The higher, the nearer to the query. Only scores of the same model and query compare. */
  readonly score: number;
}

/** What one call gave. */
export interface RerankAnswer {
  /** The nearest first. */
  readonly ranking: readonly Ranked[];
  readonly usage: Usage;
}

/** A model that puts texts in order by how well they answer a query. */
export interface RerankModel {
  readonly id: Origin;
  readonly price?: Price;
  /** @throws EmbeddingError (`ORCH_EMBEDDING`) when the call failed, after its last attempt. */
  readonly rerank: (request: RerankRequest) => Promise<RerankAnswer>;
}
