/** A state: a named function from an input to an output. */
import type { Blueprint, RunnableClass, StateBlueprint } from "./blueprint.ts";
import type { RunContext } from "./context.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Schema } from "./schema.ts";

/** How a runnable is executed, apart from what it does. */
export interface RunnableOptions {
  /** What to do after a failed attempt. Default: one attempt. */
  readonly retry?: RetryPolicy | undefined;
  /** The longest time one attempt may take, in milliseconds. Default: no limit. */
  readonly timeout?: number | undefined;
  /** How many invocations of it run at once in this process, over all runs. Default: no limit. */
  readonly concurrency?: number | undefined;
  /** How often it may be entered in one execution of its orchestration. Default: no limit but `maxSteps`. */
  readonly maxVisits?: number | undefined;
  /** Enters it again with the same input when no advancer takes its output. Default: that is an error at once. */
  readonly rerun?: Rerun | undefined;
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

/**
 * What {@link runnable} takes in its long form. `TInput` goes into the schema of the input and `TRead` comes out of it; `TMade` is
 * what `invoke` gives and `TOutput` what the schema of the output makes of it.
 */
export interface RunnableDefinition<TInput, TOutput, TRead = TInput, TMade = TOutput>
  extends RunnableOptions {
  readonly id: string;
  /** Checks the input; `invoke` receives what the schema gives. */
  readonly input?: Schema<TRead, TInput> | undefined;
  /** Checks what `invoke` gave; the output is what the schema gives. */
  readonly output?: Schema<TOutput, TMade> | undefined;
  readonly invoke: (input: TRead, ctx: RunContext) => TMade | Promise<TMade>;
}

/** A definition without some of its schemas. */
export type WithoutSchema<TName extends "input" | "output"> = { readonly [TKey in TName]?: undefined };

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
  definition: RunnableDefinition<TInput, TOutput> & WithoutSchema<"input" | "output">,
): Runnable<TInput, Awaited<TOutput>>;
export function runnable<TRead, TOutput, TInput = TRead>(
  definition: RunnableDefinition<TInput, TOutput, TRead> & WithoutSchema<"output">,
): Runnable<TInput, Awaited<TOutput>>;
// The form with both schemas comes last: it is of the last form that the compiler speaks when none fits.
export function runnable<TRead, TMade, TInput = TRead, TOutput = TMade>(
  definition: RunnableDefinition<TInput, TOutput, TRead, TMade>,
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
      : TRunnable extends Blueprint<never, never, infer TOutput>
        ? TOutput
        : never;

/** Where an edge begins: at a state, or at all states that are made of a blueprint. */
export type EdgeSource<TInput, TOutput> = Runnable<TInput, TOutput> | StateBlueprint<TInput, TOutput>;
/** A runnable of which only the input matters. */
export type EdgeTarget<TInput> = Runnable<TInput, unknown>;
/** Any runnable. */
export type AnyRunnable = Runnable<never, unknown>;
