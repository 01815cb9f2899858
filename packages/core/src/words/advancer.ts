/**
 * An edge: when the machine may move from one state to another, and how an output becomes the
 * next input.
 */

import type { StateBlueprint } from "./blueprint.ts";
import type { DossierAddition, EdgePlace } from "./dossier.ts";
import type { EdgeTarget } from "./runnable.ts";

/**
 * Whether an edge is taken, by the output and the input of the state that it leaves. Synchronous and pure: what needs I/O is
 * a runnable whose output the advancer reads.
 */
export type EdgeCondition<TOutput, TInput = never> = (
  output: TOutput,
  input: TInput,
  place: EdgePlace,
) => boolean;

/** Where an advancer class may lead. */
export type AdvancerTarget<TNext> = EdgeTarget<TNext> | StateBlueprint<TNext, unknown>;

/** A name for the edge in drawings and events. */
export interface AdvancerLabel {
  readonly label?: string | undefined;
}

/**
 * An advancer as a class: a named, reusable edge that may lead to one of several declared targets.
 *
 * Each method sees the output of the state that it leaves, and the input of that state: `TInput` says what the advancer reads
 * of it, and `unknown` fits every state.
 *
 * @example
 * ```ts
 * class PlanningAdvancer extends OrchestrationAdvancer<Plan, string> {
 *   readonly targets = [research, archive];
 *   override shouldAdvance(plan: Plan) { return plan.queries.length > 0; }
 *   convertOutput(plan: Plan) { return JSON.stringify(plan); }
 *   override getNextRunnable(plan: Plan) { return plan.deep ? research : archive; }
 * }
 * ```
 *
 * A state may be made on the way: `targets` then has its class, and `getNextRunnable` gives `new Coding({ language: plan.language })`.
 * The state's own fields are kept, and make it again in another life of the run.
 */
export abstract class OrchestrationAdvancer<TOutput, TNext, TInput = unknown> {
  /**
   * Every runnable that `getNextRunnable` may give; declared, so that the graph can be drawn and checked. A class with a
   * `static readonly id`, or what `blueprint` gave, stands for the states that are made of it on the way.
   */
  abstract readonly targets: readonly AdvancerTarget<TNext>[];
  /** Shown in drawings and events. Default: the class's name. */
  readonly label?: string | undefined;
  /** What it adds to a dossier, as `desk.add(...)` says. */
  readonly add?: DossierAddition<TOutput, TInput> | undefined;

  /** Whether this edge is taken. Default: always. */
  shouldAdvance(_output: TOutput, _input: TInput, _place: EdgePlace): boolean {
    return true;
  }

  /** What the next runnable receives. */
  abstract convertOutput(output: TOutput, input: TInput, place: EdgePlace): TNext;

  /** Which of `targets` comes next, or a state made of one of them. Default: the first. */
  getNextRunnable(_output: TOutput, _input: TInput, _place: EdgePlace): EdgeTarget<TNext> {
    return this.targets[0] as EdgeTarget<TNext>;
  }
}
