import { TIME } from "../errors/number-range.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { closedBy } from "../kernel/closed-by.ts";
import type { Question } from "../kernel/node.ts";
import type { Waits } from "../kernel/waits.ts";
import { restOf } from "../platform/clock.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { Runnable } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { numberProblems } from "./definition-problems.ts";
import { waiting } from "./waiting.ts";

/** What is asked, and what counts as an answer. */
export interface QuestionOptions<TInput, TAnswer> extends CompositeOptions {
  /** What the human is shown: a text or any plain data, or a pure function of the input that makes it. */
  readonly ask: string | ((input: TInput) => unknown);
  /** Checks the answer; what it gives is the output. */
  readonly answer: Schema<TAnswer>;
  /** After so many milliseconds without an answer the question fails with `ORCH_TIMEOUT`. Default: it waits for ever, and fails with `ORCH_UNATTENDED` when the run has no way to be answered. */
  readonly timeout?: number | undefined;
  /** Whether the output has what was asked about beside the answer, as `{ input, answer }`. Default false: the output is the answer. */
  readonly keepInput?: boolean | undefined;
}

/** The output of a question with `keepInput`. */
export interface AnsweredInput<TInput, TAnswer> {
  readonly input: TInput;
  readonly answer: TAnswer;
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
  options: QuestionOptions<TInput, TAnswer> & { readonly keepInput: true },
): Runnable<NoInfer<TInput>, AnsweredInput<TInput, TAnswer>>;
export function question<TInput = unknown, TAnswer = unknown>(
  id: string,
  options: QuestionOptions<TInput, TAnswer> & { readonly keepInput?: false | undefined },
): Runnable<NoInfer<TInput>, TAnswer>;
export function question<TInput = unknown, TAnswer = unknown>(
  id: string,
  options: QuestionOptions<TInput, TAnswer>,
): Runnable<NoInfer<TInput>, TAnswer | AnsweredInput<TInput, TAnswer>>;
export function question<TInput = unknown, TAnswer = unknown>(
  id: string,
  options: QuestionOptions<TInput, TAnswer>,
): Runnable<never, unknown> {
  const { ask, answer, timeout } = options;
  const prompt = typeof ask === "function" ? (ask as (input: unknown) => unknown) : () => ask;
  const output =
    options.keepInput === true
      ? (input: unknown, given: unknown) => ({ input: copyOf(input), answer: given })
      : undefined;
  const asks = { ask: prompt, answer, timeout, output };
  return composite(id, options, {
    kind: "question",
    wait: waiting((operation, waits) => putQuestion(operation, asks, waits)),
    question: asks,
    problems: function* () {
      // In plain JavaScript it may have been left out, and any answer would be taken.
      if (typeof (answer as Partial<Schema> | undefined)?.["~standard"]?.validate !== "function") {
        yield `"${id}" has no schema for its answer: give one as answer, like z.boolean().`;
      }
      yield* numberProblems(` of "${id}"`, TIME, { timeout });
    },
  });
}

/** Asks the question and waits for its answer. */
function putQuestion(operation: Activation, { ask, answer, timeout }: Question, waits: Waits): void {
  const { path, runnable, input } = operation;
  const refuse = (error: unknown): void => waits.deliver({ kind: "failed", operation, error });
  const askedAt = waits.put({
    operation,
    prompt: () => ask(input),
    schema: answer,
    settle: (value) => waits.deliver({ kind: "completed", operation, value }),
    refuse,
  });
  if (timeout === undefined) return;
  const rest = restOf({ due: askedAt + timeout, ms: timeout }, waits.clock.now());
  waits.alarm(operation, rest, () => {
    const error = new TimeoutError({ runnable: runnable.id, path, timeout }, "never");
    waits.withdraw(path, closedBy(operation, error));
    refuse(error);
  });
}
