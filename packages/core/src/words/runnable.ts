/** A state: a named function from an input to an output. */
import type { RunnableClass } from "./blueprint.ts";
import type { RunContext } from "./context.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Schema } from "./schema.ts";

/** How a runnable is executed, apart from what it does. */
export interface RunnableOptions {
  /** What to do after a failed attempt. Default: one attempt. */
  readonly retry?: RetryPolicy;
  /** The longest time one attempt may take, in milliseconds. Default: no limit. */
  readonly timeout?: number;
  /** How many invocations of it run at once in this process, over all runs. Default: no limit. */
  readonly concurrency?: number;
  /** How often it may be entered in one execution of its orchestration. Default: no limit but `maxSteps`. */
  readonly maxVisits?: number;
  /** Enters it again with the same input when no advancer takes its output. Default: that is an error at once. */
  readonly rerun?: Rerun;
}

/** What to do when no advancer takes an output. */
export interface Rerun {
  /** Entries in all, the first included. */
  readonly attempts: number;
}

/**
 * One state of an orchestration.
 *
 * `invoke` is a property and not a method on purpose: methods are compared bivariantly, and would
 * let a runnable of a narrower input pass for one of a wider.
 */
export interface Runnable<in TInput, out TOutput> extends RunnableOptions {
  /** Unique within its orchestration. */
  readonly id: string;
  readonly invoke: (input: TInput, ctx: RunContext) => TOutput | Promise<TOutput>;
  /** Checks the input before `invoke`, which receives the output of the schema. */
  readonly input?: Schema | undefined;
  /** Checks what `invoke` gave. */
  readonly output?: Schema | undefined;
}

/** What {@link runnable} takes in its long form. */
export interface RunnableDefinition<TInput, TOutput> extends RunnableOptions {
  readonly id: string;
  readonly input?: Schema<TInput>;
  readonly output?: Schema<TOutput>;
  readonly invoke: (input: TInput, ctx: RunContext) => TOutput | Promise<TOutput>;
}

/**
 * Makes a runnable from a function.
 *
 * @example
 * ```ts
 * const shout = runnable("shout", (text: string) => text.toUpperCase());
 * const plan = runnable({ id: "plan", input: z.string(), output: Plan, retry: { attempts: 3 }, invoke: async (topic) => ask(topic) });
 * ```
 */
export function runnable<TInput, TOutput>(
  id: string,
  invoke: (input: TInput, ctx: RunContext) => TOutput | Promise<TOutput>,
): Runnable<TInput, Awaited<TOutput>>;
export function runnable<TInput, TOutput>(
  definition: RunnableDefinition<TInput, TOutput>,
): Runnable<TInput, Awaited<TOutput>>;
export function runnable<TInput, TOutput>(
  first: string | RunnableDefinition<TInput, TOutput>,
  invoke?: (input: TInput, ctx: RunContext) => TOutput | Promise<TOutput>,
): Runnable<TInput, Awaited<TOutput>> {
  const made = typeof first === "string" ? { id: first, invoke } : { ...first };
  return Object.freeze(made) as Runnable<TInput, Awaited<TOutput>>;
}

/** The input type of a runnable. */
export type InputOf<TRunnable> = TRunnable extends Runnable<infer TInput, unknown> ? TInput : never;
/** The output type of a runnable. */
export type OutputOf<TRunnable> =
  TRunnable extends Runnable<never, infer TOutput>
    ? TOutput
    : TRunnable extends RunnableClass<never, infer TOutput>
      ? TOutput
      : never;

/** Where an edge begins: at a state, or at all states that are made of a class. */
export type EdgeSource<TInput, TOutput> = Runnable<TInput, TOutput> | RunnableClass<TInput, TOutput>;
/** A runnable of which only the input matters. */
export type EdgeTarget<TInput> = Runnable<TInput, unknown>;
/** Any runnable. */
export type AnyRunnable = Runnable<never, unknown>;
