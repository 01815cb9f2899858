/** A blueprint: what states are made from while a run is under way. It stands in the graph for all that are made from it. */
import type { Runnable } from "./runnable.ts";

/**
 * A class of states that are made on the way, which extends `OrchestrationRunnable`: it has an id of its own, as
 * `static readonly id`, and makes a state from one object with the state's own fields.
 */
export interface RunnableClass<TInput, TOutput> {
  readonly id: string;
  /** For the engine. */
  readonly blueprint: unknown;
  new (data: never): Runnable<TInput, TOutput>;
}

/** A named factory of states that are made on the way, made by `blueprint`. */
export interface Blueprint<in TData, in TInput, out TOutput> {
  readonly id: string;
  /** Makes a state from its data, which has to be JSON on a host that keeps runs. */
  (data: TData): Runnable<TInput, TOutput>;
  /** For the engine. */
  readonly blueprint: unknown;
}

/** What states are made from on the way: a class or a named factory. It stands in a graph for all of them, and is no state itself. */
export type StateBlueprint<TInput, TOutput> =
  | RunnableClass<TInput, TOutput>
  | Blueprint<never, TInput, TOutput>;
