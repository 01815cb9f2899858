/**
 * What a runnable is made of, for the engine: a plain function, or a composite that the engine
 * opens up and drives branch by branch. The mark is a registered symbol, so that composites of two
 * copies of the package work together.
 */
import type { Definition } from "../definition.ts";
import type { AnyRunnable } from "../fits.ts";

const NODE: unique symbol = Symbol.for("orch.node");

/** A fan-out over the items of an array. */
export interface EachNode {
  readonly kind: "each";
  readonly branch: AnyRunnable;
  readonly concurrency: number;
}

/** A fan-out of one input over named branches. */
export interface AllNode {
  readonly kind: "all";
  readonly keys: readonly string[];
  readonly branches: readonly AnyRunnable[];
  readonly when: readonly (((input: unknown) => boolean) | undefined)[];
  readonly concurrency: number;
}

/** A nested machine. */
export interface OrchestrationNode {
  readonly kind: "orchestration";
  readonly definition: Definition;
}

/** The inside of a composite runnable. */
export type CompositeNode = EachNode | AllNode | OrchestrationNode;

/** Marks `runnable` as a composite. */
export function withNode<TRunnable extends object>(runnable: TRunnable, node: CompositeNode): TRunnable {
  Object.defineProperty(runnable, NODE, { value: Object.freeze(node) });
  return runnable;
}

/** The inside of a runnable; `undefined` for one that is a plain function. */
export function nodeOf(runnable: AnyRunnable): CompositeNode | undefined {
  return (runnable as { readonly [NODE]?: CompositeNode })[NODE];
}
