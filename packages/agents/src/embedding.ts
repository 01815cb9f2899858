/** Texts as vectors, and texts in order: what a search by meaning needs. */

export { EmbeddingError, type EmbeddingFacts } from "./errors/embedding-error.ts";
export { type CompatibleRerankOptions, compatibleRerank } from "./providers/embedding/compatible-rerank.ts";
export { type Embeddings, type EmbedOptions, embed, similarity } from "./providers/embedding/embed.ts";
export type {
  EmbeddingAnswer,
  EmbeddingModel,
  EmbeddingRequest,
  Ranked,
  RerankAnswer,
  RerankModel,
  RerankRequest,
  Vector,
} from "./providers/embedding/embedding-model.ts";
export { type OpenAIEmbeddingOptions, openaiEmbedding } from "./providers/embedding/openai-embedding.ts";
export {
  type RankedText,
  type Reranking,
  type RerankOptions,
  rerank,
} from "./providers/embedding/rerank.ts";
export { resolveEmbedding, resolveRerank } from "./providers/embedding/resolve-embedding.ts";
export type { WholeCallOptions } from "./providers/embedding/whole-call.ts";
