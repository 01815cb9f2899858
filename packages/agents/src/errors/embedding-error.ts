import { OrchError } from "@orch/core";
import type { ModelFailure } from "../words/model.ts";

/** Which call for vectors or for an order failed, and why. */
export interface EmbeddingFacts {
  /** The model's name, with its provider. */
  readonly model: string;
  readonly task: "embed" | "rerank";
  readonly failure: ModelFailure;
}

/** A model gave no vectors, or no order of texts. */
export class EmbeddingError extends OrchError<"ORCH_EMBEDDING", EmbeddingFacts> {
  constructor(facts: EmbeddingFacts) {
    const what = facts.task === "embed" ? "gave no vectors" : "put no texts in order";
    super("ORCH_EMBEDDING", facts, {
      says: `The model "${facts.model}" ${what}: ${facts.failure.message}`,
      fix: fixOf(facts.failure),
    });
  }
}

function fixOf({ kind, retryable }: ModelFailure): string {
  if (kind === "aborted") return "Call again when the work is wanted after all.";
  if (kind === "auth") return "Correct the key of the provider.";
  if (kind === "context-length") return "Give shorter texts, or cut them into passages.";
  return retryable
    ? "Try again later, or give more `attempts`."
    : "Correct the call or the model that it names.";
}
