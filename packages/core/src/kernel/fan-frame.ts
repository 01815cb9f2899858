/** Fan-outs: what the engine knows of one, and how far it is. A policy says when it ends. */
import type { AnyRunnable } from "../words/runnable.ts";
import type { Activation, Ended, Frame } from "./activation.ts";
import type { Compiled } from "./compiled.ts";
import type { AddedItem } from "./growing.ts";
import type { HaltingNode } from "./halt.ts";
import type { OpenNode } from "./node.ts";
import type { RunState, Sink } from "./transition.ts";

/** How a fan-out ends on account of one branch, and why the other branches are stopped then. */
export type FanEnd = { readonly ended: Ended; readonly why: string; readonly isEnough?: boolean } | undefined;

/** A composite whose branches go side by side. */
export interface FanNode extends OpenNode, HaltingNode {
  /** One runnable for each key, each with the input of the fan-out; without keys, one runnable for every item of the list. */
  readonly branches: readonly AnyRunnable[];
  readonly concurrency: number;
  /** The conditions by branch; a branch whose condition does not hold is skipped. */
  readonly when?: readonly (((input: unknown) => boolean) | undefined)[];
  /** How items are added while it runs; absent where none may be. */
  readonly grows?: GrowthPolicy | undefined;
  /** Whether the last of the branches takes the result of each of the others as it comes, one after another. */
  readonly follows?: boolean | undefined;
  /** Says after the end of a branch that was not cancelled whether the fan-out ends by it. What the branch gave is in the frame. */
  readonly decide: (fan: Activation, child: Activation, ended: BranchEnd, sink: Sink) => FanEnd;
  /** Says how it ends when every branch has ended and nothing was decided before. Default: it completes with the results. */
  readonly undecided?: (fan: Activation, sink: Sink) => Ended | undefined;
  /** What becomes of the branches that are open when there is enough. Absent: they are stopped. */
  readonly background?: BackgroundPolicy | undefined;
  /** Makes the output of the results there are; `order` tells which branches gave one, in the order they came. */
  readonly join: (results: readonly unknown[], order: readonly number[]) => unknown;
}

/** How a fan-out leaves its branches in the background of its machine. */
export interface BackgroundPolicy {
  /** Whether it completes when its branches have begun, with its input. */
  readonly atOnce?: true;
  /** Makes a result of what came in the background. */
  readonly late: (late: readonly LateResult[], keys: readonly string[] | undefined) => Ended;
  /** Throws where no machine is around the fan-out that could keep its branches. */
  readonly admit: (fan: Activation) => void;
  /** Leaves a fan-out in the background of the machine around it. */
  readonly leave: (fan: Activation) => void;
}

/** How a fan-out takes items while it runs. */
export interface GrowthPolicy {
  /** By which name states add to it. */
  readonly name: string;
  /** How many items it may have. */
  readonly maxItems: number;
  readonly grow: (run: RunState, added: AddedItem, sink: Sink) => void;
}

/** How a branch ended in the background. */
export interface LateResult {
  readonly slot: number;
  readonly ended: BranchEnd;
}

/** The end of a branch that was not stopped. */
export type BranchEnd = Exclude<Ended, { readonly kind: "cancelled" }>;

/** A branch that ended without a result: it failed with `error`, or it was stopped. */
export interface LostBranch {
  readonly child: Activation;
  readonly error: Error | undefined;
}

/** The progress of a fan-out. */
export interface FanFrame extends Frame {
  readonly node: FanNode;
  /** The runnables by branch; without keys, one for all. */
  readonly branches: readonly Compiled[];
  /** The inputs by branch. */
  readonly inputs: readonly unknown[];
  readonly results: unknown[];
  /** How it ended for its machine, while branches go on in the background. */
  left: Ended | undefined;
  /** What came in the background. */
  late: LateResult[];
  /** The branches with a result, in the order they came. */
  order: number[];
  /** Results that wait for the runnable that takes each of them. */
  readonly due: DueResult[];
  /** What takes such a result now. */
  following: Activation | undefined;
  /** The keys of the items that were added while it ran, and of those that are on their way; absent where none was. */
  growth: { readonly keys: Set<string>; readonly coming: Set<string> } | undefined;
  readonly children: (Activation | undefined)[];
  /** The next branch to open. */
  next: number;
  active: number;
  /** How many of the open branches rest, which need no place. */
  resting: number;
  /** Whether the fan-out rests, because all open branches do. */
  rests: boolean;
  isFilling: boolean;
  /** How many branches completed. */
  done: number;
  /** How many branches were skipped. */
  skipped: number;
  /** The branches that ended without a result, in the order they ended. */
  lost: LostBranch[];
  /** The terminal error after which nothing more is started. */
  halted: Error | undefined;
  /** Whether it completes with the results there are, when nothing goes on in it any more. */
  isPartial: boolean;
  /** Branches that were lost and go on, because the run is tried again. Those that need no place come first. */
  again: ReopenedBranch[];
}

/** What a branch gave, for the runnable that takes it. */
export interface DueResult {
  readonly slot: number;
  readonly value: unknown;
}

/** A branch that goes on, and how it begins. */
export interface ReopenedBranch {
  readonly child: Activation;
  /** Whether it waits until the fan-out has a place. */
  readonly needsPlace: boolean;
  readonly enter: (sink: Sink) => Ended | undefined;
}

/** Whether an activation is a fan-out, by its frame. */
export function isFan(frame: Frame): frame is FanFrame {
  return "lost" in frame;
}
