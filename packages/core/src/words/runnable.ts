/** A state: a named function from an input to an output. */
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

/**
 * A runnable as a class, for states that hold things or that others subclass.
 *
 * It needs an id, as every runnable does: paths, journals and drawings name the state by it, and a class has no name of its
 * own once its code is minified. Without one the orchestration is refused (`ORCH_INVALID_DEFINITION`).
 *
 * @example
 * ```ts
 * class Planning extends OrchestrationRunnable<string, Plan> {
 *   override readonly id = "planning";
 *   override invoke(topic: string) { return this.planner.plan(topic); }
 * }
 * ```
 */
export abstract class OrchestrationRunnable<TInput, TOutput> implements Runnable<TInput, TOutput> {
  readonly id: string;
  readonly input?: Schema<TInput> | undefined;
  readonly output?: Schema<TOutput> | undefined;
  readonly retry?: RetryPolicy;
  readonly timeout?: number;
  readonly concurrency?: number;
  readonly maxVisits?: number;
  readonly rerun?: Rerun;

  /** @param id the id, where the class does not have one as a property. */
  constructor(id?: string) {
    this.id = id ?? "";
  }

  abstract invoke(input: TInput, ctx: RunContext): TOutput | Promise<TOutput>;
}

/** The input type of a runnable. */
export type InputOf<TRunnable> = TRunnable extends Runnable<infer TInput, unknown> ? TInput : never;
/** The output type of a runnable. */
export type OutputOf<TRunnable> = TRunnable extends Runnable<never, infer TOutput> ? TOutput : never;

/** A runnable of which only the output matters. */
export type EdgeSource<TOutput> = Runnable<never, TOutput>;
/** A runnable of which only the input matters. */
export type EdgeTarget<TInput> = Runnable<TInput, unknown>;
/** Any runnable. */
export type AnyRunnable = Runnable<never, unknown>;
