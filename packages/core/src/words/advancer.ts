/**
 * An edge: when the machine may move from one state to another, and how an output becomes the
 * next input.
 */
import type { EdgeTarget } from "./runnable.ts";

/** Whether an edge is taken. Synchronous and pure: what needs I/O is a runnable whose output the advancer reads. */
export type EdgeCondition<TOutput> = (output: TOutput) => boolean;

/** A name for the edge in drawings and events. */
export interface AdvancerLabel {
  readonly label?: string;
}

/**
 * An advancer as a class: a named, reusable edge that may lead to one of several declared targets.
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
export abstract class OrchestrationAdvancer<TOutput, TNext> {
  /** Every runnable that `getNextRunnable` may give; declared, so that the graph can be drawn and checked. */
  abstract readonly targets: readonly EdgeTarget<TNext>[];
  /** Shown in drawings and events. Default: the class's name. */
  readonly label?: string;

  /** Whether this edge is taken. Default: always. */
  shouldAdvance(_output: TOutput): boolean {
    return true;
  }

  /** What the next runnable receives. */
  abstract convertOutput(output: TOutput): TNext;

  /** Which of `targets` comes next. Default: the first. */
  getNextRunnable(_output: TOutput): EdgeTarget<TNext> {
    return this.targets[0]!;
  }
}
