/**
 * The node of a composite: all that the engine, its host and the drawings know of it. Each composite makes
 * its own in one file of `define`, so nothing else asks of which kind one is, and a program holds only the
 * composites it uses. The mark is a registered symbol, so that composites of two copies of the package work
 * together.
 */
import type { ErrorText } from "../errors/orch-error.ts";
import type { StateKind } from "../words/events.ts";
import type { GraphInside } from "../words/graph.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Schema } from "../words/schema.ts";
import type { ConditionContext } from "../words/shared-state.ts";
import type { AnySignalKind } from "../words/signal.ts";
import type { Activation, Ended } from "./activation.ts";
import type { Compiled } from "./compiled.ts";
import type { Sink } from "./transition.ts";
import type { Waits } from "./waits.ts";

const NODE: unique symbol = Symbol.for("orch.node");

/** What every composite tells of itself. */
interface NodeBase {
  readonly kind: Exclude<StateKind, "runnable">;
  /** The problems of its own options, as sentences. */
  readonly problems?: () => Iterable<string>;
  /** The runnables inside; for a list, the runnable that takes each item. */
  readonly branches?: readonly AnyRunnable[];
  /** The runnables in it that may end the orchestration around it, which has to name them among its last. */
  readonly exits?: readonly AnyRunnable[];
  /** Of what may end its orchestration: that it is not among the last, as sentences. */
  readonly undeclared?: (last: readonly AnyRunnable[]) => Iterable<string>;
  /** What is wrong with where it stands. `states` are the states beside it; a branch has none. */
  readonly misplaced?: (id: string, states: readonly AnyRunnable[]) => readonly ErrorText[];
  /** The node that its machine has on account of it: for a state that leaves something in the machine's background. */
  readonly around?: <TNode extends OpenNode>(machine: TNode) => TNode;
  /** The names of its branches, which stand in paths; absent where they are numbered. */
  readonly keys?: readonly string[] | undefined;
  /** The candidates of a choice by name; `undefined` for one that is made on the way. */
  readonly candidates?: ReadonlyMap<string, AnyRunnable | undefined>;
  /** Makes the runnable of this name in it from its input, where it is not known before. */
  readonly factory?: (input: unknown, name: string) => Compiled;
  /** How many branches it leaves in the background when it completes; `undefined` where it leaves none. */
  readonly leaves?: (activation: Activation) => number | undefined;
  /** How many branches it has for an input. */
  readonly width?: (input: unknown) => number | undefined;
  /** What the graph shows of its inside. */
  readonly inside?: () => Omit<GraphInside, "kind">;
}

/** A composite that the engine opens, and drives step by step or branch by branch. */
export interface OpenNode extends NodeBase {
  /** Opens it; gives its end when nothing has to be waited for. */
  readonly open: (activation: Activation, sink: Sink) => Ended | undefined;
  /** Takes the end of something open in it; gives its own end when that was the last. */
  readonly proceed: (
    activation: Activation,
    child: Activation,
    ended: Ended,
    sink: Sink,
  ) => Ended | undefined;
  /** Tells how it ends when it is stopped with this error. Default: it fails with the error. */
  readonly stopped?: (activation: Activation, error: Error) => Ended;
  /** The open activations directly inside an open activation; there may be gaps between them. */
  readonly within: (activation: Activation) => Iterable<Activation | undefined>;
  /** The places of its branches, or what rests in a machine with a background; absent where it has one activation inside. */
  readonly places?: Places;
}

/** How many branches of a fan-out work at once. A branch that rests has no place. A machine with a background rests as a whole. */
export interface Places {
  /** Something inside rests: opens branches up to the limit. */
  readonly rested: (fan: Activation, sink: Sink) => void;
  /** Something inside works again; gives whether all of it rested until now. */
  readonly woke: (fan: Activation) => boolean;
  /** Whether there are branches to open, or may be later. */
  readonly hasMore: (fan: Activation) => boolean;
}

/** An operation that a host waits for and does not execute: a sleep, or a question to a human. */
export interface WaitNode extends NodeBase {
  readonly open?: undefined;
  /** Begins the wait, and delivers its end to the host. */
  readonly wait: (operation: Activation, waits: Waits) => void;
  /** The question that it asks; absent when it asks none. */
  readonly question?: Question;
  /** Whether it does not rest while it waits, so that its branch keeps its place. Default false. */
  readonly keepsPlace?: boolean;
  /** What it waits for in the run itself; absent when for nothing there. */
  readonly awaits?: WaitRule;
}

/** What a wait waits for in its run: a signal, a condition over shared state, or both at once. */
export interface WaitRule {
  readonly signal: AnySignalKind | undefined;
  readonly when: ((input: unknown, ctx: ConditionContext) => boolean) | undefined;
  /** The timeout in milliseconds; absent when it waits for ever. */
  readonly timeout: number | undefined;
  /** Takes the wait into the mailbox of its run. It stands here, so that a program without such waits has none of it. */
  readonly enter: (operation: Activation, sink: Sink) => void;
}

/** What a wait asks a human. */
export interface Question {
  readonly ask: (input: unknown) => unknown;
  readonly answer: Schema;
  /** The timeout in milliseconds; absent when the question waits for ever. */
  readonly timeout: number | undefined;
  /** Makes the output of the input and the answer. Default: the answer. */
  readonly output?: ((input: unknown, answer: unknown) => unknown) | undefined;
}

/** The inside of a runnable that the engine or its host takes care of. */
export type CompositeNode = OpenNode | WaitNode;

/** Marks `runnable` as a composite. */
export function withNode<TRunnable extends object>(runnable: TRunnable, node: CompositeNode): TRunnable {
  Object.defineProperty(runnable, NODE, { value: Object.freeze(node) });
  return runnable;
}

/** The node of a runnable; `undefined` for a runnable that is a plain function. */
export function nodeOf(runnable: AnyRunnable): CompositeNode | undefined {
  return (runnable as { readonly [NODE]?: CompositeNode })[NODE];
}
