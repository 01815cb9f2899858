/**
 * An edge: when the machine may move from one state to another, and how an output becomes the
 * next input.
 */
import type { EdgeTarget } from "./runnable.ts";

/**
 * Whether an edge is taken, by the output and the input of the state that it leaves. Synchronous and pure: what needs I/O is
 * a runnable whose output the advancer reads.
 */
export type EdgeCondition<TOutput, TInput = never> = (output: TOutput, input: TInput) => boolean;

/** A name for the edge in drawings and events. */
export interface AdvancerLabel {
  readonly label?: string;
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
 */
export abstract class OrchestrationAdvancer<TOutput, TNext, TInput = unknown> {
  /** Every runnable that `getNextRunnable` may give; declared, so that the graph can be drawn and checked. */
  abstract readonly targets: readonly EdgeTarget<TNext>[];
  /** Shown in drawings and events. Default: the class's name. */
  readonly label?: string;

  /** Whether this edge is taken. Default: always. */
  shouldAdvance(_output: TOutput, _input: TInput): boolean {
    return true;
  }

  /** What the next runnable receives. */
  abstract convertOutput(output: TOutput, input: TInput): TNext;

  /** Which of `targets` comes next. Default: the first. */
  getNextRunnable(_output: TOutput, _input: TInput): EdgeTarget<TNext> {
    return this.targets[0]!;
  }
}
