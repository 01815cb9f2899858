import { COUNT, checkNumbers } from "@orch/core/doors";
import { EmbeddingError } from "../../errors/embedding-error.ts";
import { addUsage, costOf, NO_USAGE } from "../../model/usage.ts";
import { LinkedAbort } from "../../platform/linked-abort.ts";
import { wellFormed } from "../../platform/well-formed.ts";
import type { Usage } from "../../words/model.ts";
import type { EmbeddingModel, Vector } from "./embedding-model.ts";

/** Options of {@link embed}. */
export interface EmbedOptions {
  readonly signal?: AbortSignal;
  /** How many calls run at once, where the texts need more than one. Default 2. */
  readonly parallel?: number;
}

/** What {@link embed} gives. */
export interface Embeddings {
  /** One for each text, in the order of the texts; all have the same number of dimensions. */
  readonly vectors: readonly Vector[];
  /** Of all calls. Marked as estimated where the server told nothing. */
  readonly usage: Usage;
  /** In US dollars; absent when it is unknown. */
  readonly cost?: number;
}

/**
 * Turns texts into vectors, in as many calls as the model needs. No text, no call. Where one call fails for good, the
 * others are cancelled.
 *
 * @example
 * ```ts
 * const { vectors } = await embed(model, ["a red boat", "a blue car"]);
 * ```
 * @throws EmbeddingError (`ORCH_EMBEDDING`), also for a text that is empty; OptionError (`ORCH_OPTION`).
 */
export async function embed(
  model: EmbeddingModel,
  texts: readonly string[],
  options: EmbedOptions = {},
): Promise<Embeddings> {
  const { parallel = 2 } = options;
  checkNumbers(COUNT, { parallel });
  refuseEmpty(model, texts);
  const vectors = new Array<Vector>(texts.length);
  const abort = new LinkedAbort(options.signal);
  let usage: Usage = NO_USAGE;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < texts.length) {
      const first = next;
      next += model.batch;
      const batch = wellFormed(texts.slice(first, next));
      const answer = await model.embed({ texts: batch, signal: abort.signal });
      for (const [at, vector] of answer.vectors.entries()) vectors[first + at] = vector;
      usage = addUsage(usage, answer.usage);
    }
  };
  const workers = Math.min(parallel, Math.ceil(texts.length / model.batch));
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } catch (error) {
    next = texts.length;
    abort.abort();
    throw error;
  } finally {
    abort.dispose();
  }
  const cost = texts.length === 0 ? 0 : costOf(usage, model.price);
  return { vectors, usage, ...(cost !== undefined && { cost }) };
}

/** Providers refuse a whole call for one empty text, and do not say which it is. */
function refuseEmpty({ id }: EmbeddingModel, texts: readonly string[]): void {
  const at = texts.indexOf("");
  if (at < 0) return;
  const message = `The text at index ${at} is empty.`;
  throw new EmbeddingError({
    model: `${id.provider}/${id.model}`,
    task: "embed",
    failure: { kind: "bad-request", message, retryable: false },
  });
}

/**
 * How alike two vectors of one model are: the cosine of the angle between them, from -1 to 1, and 0 where one has no
 * length. Vectors of different lengths are compared as far as the shorter one goes.
 */
export function similarity(a: Vector, b: Vector): number {
  let [dot, ofA, ofB] = [0, 0, 0];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [x = 0, y = 0] = [a[at], b[at]];
    dot += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA === 0 || ofB === 0 ? 0 : dot / Math.sqrt(ofA * ofB);
}
