/**
 * What a runnable is made of, for the engine: a plain function, or a composite that the engine
 * opens up and drives branch by branch. The mark is a registered symbol, so that composites of two
 * copies of the package work together.
 */

import type { GraphInside } from "../words/graph.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import type { Activation, Ended } from "./activation.ts";
import type { Definition } from "./definition.ts";
import type { Sink } from "./transition.ts";
import type { Waits } from "./waits.ts";

const NODE: unique symbol = Symbol.for("orch.node");

/** What a composite tells of itself while an orchestration is built or drawn; it comes with the node, too. */
export interface CompositeTold {
  /** What is wrong with its own options, as sentences. */
  readonly problems?: (self: AnyRunnable) => Iterable<string>;
  /** How many branches it has for an input. */
  readonly width?: (self: AnyRunnable, input: unknown) => number | undefined;
  /** What the graph shows of its inside. */
  readonly inside?: (self: AnyRunnable) => Omit<GraphInside, "kind">;
}

/**
 * What a composite does in the transition. It comes with the node, so that a program holds only the
 * composites it uses.
 */
export interface CompositeSteps extends CompositeTold {
  /** Opens it; gives its end when nothing has to be waited for. */
  readonly open: (activation: Activation, sink: Sink) => Ended | undefined;
  /** Takes the end of something open in it; gives its own end when that was the last. */
  readonly proceed: (
    activation: Activation,
    child: Activation,
    ended: Ended,
    sink: Sink,
  ) => Ended | undefined;
}

/** What a wait does with the host that keeps it. */
export interface WaitSteps extends CompositeTold {
  readonly open?: undefined;
  readonly wait: (operation: Activation, waits: Waits) => void;
}

/** A fan-out over the items of an array. */
export interface EachNode extends CompositeSteps {
  readonly kind: "each";
  readonly branches: readonly [AnyRunnable];
  readonly concurrency: number;
  /** Whether a failure is a result like any other. */
  readonly settled: boolean;
}

/** A fan-out of one input over named branches. */
export interface AllNode extends CompositeSteps {
  readonly kind: "all";
  readonly keys: readonly string[];
  readonly branches: readonly AnyRunnable[];
  readonly when: readonly (((input: unknown) => boolean) | undefined)[];
  readonly concurrency: number;
  readonly settled: boolean;
}

/** A fan-out of one input over named branches, of which the first results count. */
export interface RaceNode extends CompositeSteps {
  readonly kind: "race";
  readonly keys: readonly string[];
  readonly branches: readonly AnyRunnable[];
  readonly concurrency: number;
  /** How many results end it; `undefined` for one that is given bare and not in a list. */
  readonly first: number | undefined;
}

/** A runnable made from the input when it is needed. */
export interface ChooseNode extends CompositeSteps {
  readonly kind: "choose";
  readonly factory: (input: unknown) => AnyRunnable;
}

/** A wait that the host keeps. */
export interface SleepNode extends WaitSteps {
  readonly kind: "sleep";
  readonly delay: (input: unknown) => number;
}

/** A question to a human, which the host keeps. */
export interface QuestionNode extends WaitSteps {
  readonly kind: "question";
  readonly ask: (input: unknown) => unknown;
  readonly answer: Schema;
  /** In milliseconds. */
  readonly timeout: number | undefined;
}

/** A nested machine. */
export interface OrchestrationNode extends CompositeSteps {
  readonly kind: "orchestration";
  readonly definition: Definition;
}

/** Branches side by side. */
export type FanNode = EachNode | AllNode | RaceNode;

/** Something that a host waits for. */
export type WaitNode = SleepNode | QuestionNode;

/** The inside of a runnable that the engine or its host takes care of. */
export type CompositeNode = FanNode | ChooseNode | OrchestrationNode | WaitNode;

/** Marks `runnable` as a composite. */
export function withNode<TRunnable extends object>(runnable: TRunnable, node: CompositeNode): TRunnable {
  Object.defineProperty(runnable, NODE, { value: Object.freeze(node) });
  return runnable;
}

/** The inside of a runnable; `undefined` for one that is a plain function. */
export function nodeOf(runnable: AnyRunnable): CompositeNode | undefined {
  return (runnable as { readonly [NODE]?: CompositeNode })[NODE];
}
