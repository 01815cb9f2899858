import { runAlone } from "../run-alone.ts";
import type { Runnable } from "../runnable.ts";
import type { Schema } from "../schema.ts";
import type { CompositeOptions } from "./each.ts";
import { composite } from "./node.ts";

/** What is asked, and what counts as an answer. */
export interface QuestionOptions<TInput, TAnswer> extends CompositeOptions {
  /** What the human is shown: a text or any plain data, or a pure function of the input that makes it. */
  readonly ask: string | ((input: TInput) => unknown);
  /** Checks the answer; what it gives is the output. */
  readonly answer: Schema<TAnswer>;
  /** After so many milliseconds without an answer the question fails with `ORCH_TIMEOUT`. Default: it waits for ever. */
  readonly timeout?: number;
}

/**
 * Asks a human, and completes with the validated answer. Other branches go on meanwhile; nothing
 * runs again when the answer comes, and on a durable host it may come days and restarts later.
 *
 * @example
 * ```ts
 * const approve = question("approve", { ask: (plan: Plan) => `Run ${plan.steps} steps?`, answer: z.boolean() });
 * ```
 */
export function question<TInput = unknown, TAnswer = unknown>(
  id: string,
  options: QuestionOptions<TInput, TAnswer>,
): Runnable<NoInfer<TInput>, TAnswer> {
  const { ask, answer, timeout } = options;
  const prompt = typeof ask === "function" ? (ask as (input: unknown) => unknown) : () => ask;
  return composite<TInput, TAnswer>(
    { id, ...options },
    { kind: "question", ask: prompt, answer, timeout },
    runAlone,
  );
}
