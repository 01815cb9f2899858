/** The part of the transition that opens branches side by side and joins them; a policy says what each end means. */
import { CancelledError } from "../errors/cancelled-error.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { Activation, type Ended, type Frame } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import { keepCensus } from "./census-of.ts";
import { type Compiled, compiled } from "./compiled.ts";
import { failureAgain, failureOf } from "./failure-of.ts";
import { type HaltingNode, haltOn } from "./halt.ts";
import type { OpenNode, Places } from "./node.ts";
import { restAbove } from "./resting.ts";
import { close, enter, leave, type Sink } from "./transition.ts";

/** How a fan-out ends on account of one branch, and why the other branches are stopped then. */
export type FanEnd = { readonly ended: Ended; readonly why: string } | undefined;

/** A composite whose branches go side by side. */
export interface FanNode extends OpenNode, HaltingNode {
  /** One runnable for each key, each with the input of the fan-out; without keys, one runnable for every item of the list. */
  readonly branches: readonly AnyRunnable[];
  readonly concurrency: number;
  /** The conditions by branch; a branch whose condition does not hold is skipped. */
  readonly when?: readonly (((input: unknown) => boolean) | undefined)[];
  /** Takes the end of a branch that was not cancelled: keeps its result in the frame, or ends the fan-out. */
  readonly take: (
    frame: FanFrame,
    child: Activation,
    ended: Exclude<Ended, { readonly kind: "cancelled" }>,
  ) => FanEnd;
  /** Makes the output of the results, once every branch has ended. Default: the results. */
  readonly join?: (results: readonly unknown[]) => unknown;
}

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

/** A branch that goes on, and how it begins. */
export interface ReopenedBranch {
  readonly child: Activation;
  /** Whether it waits until the fan-out has a place. */
  readonly needsPlace: boolean;
  readonly enter: (sink: Sink) => Ended | undefined;
}

/** Opens the first branches. Gives the end at once if nothing has to be waited for. */
export function openFan(fan: Activation, sink: Sink): Ended | undefined {
  const node = fan.node as FanNode;
  try {
    const inputs = node.keys?.map(() => fan.input) ?? itemsOf(fan);
    const frame: FanFrame = {
      node,
      branches: node.branches.map(compiled),
      inputs,
      results: new Array<unknown>(inputs.length),
      children: new Array<Activation | undefined>(inputs.length),
      next: 0,
      active: 0,
      resting: 0,
      rests: false,
      isFilling: false,
      done: 0,
      skipped: 0,
      lost: [],
      halted: undefined,
      isPartial: false,
      again: [],
      closing: undefined,
    };
    fan.frame = frame;
    return fill(fan, frame, sink);
  } catch (error) {
    return { kind: "failed", error: error as Error };
  }
}

/** Takes the end of one branch. Gives the end of the fan-out when it was the last. */
export function continueFan(fan: Activation, child: Activation, ended: Ended, sink: Sink): Ended | undefined {
  const frame = fan.frame as FanFrame;
  collect(fan, frame, child, ended, sink);
  return fill(fan, frame, sink);
}

/** How a fan-out ends that is stopped. */
export function stoppedFan(fan: Activation, error: Error): Ended {
  const frame = fan.frame as FanFrame;
  keepCensus(fan);
  if (!frame.isPartial) return { kind: "failed", error };
  for (const slot of openSlots(frame)) frame.results[slot] = frame.node.unended?.(error);
  return { kind: "completed", value: joined(frame) };
}

/** The branches that were not started, or have not ended. */
function* openSlots({ children, again, next, inputs }: FanFrame): Iterable<number> {
  for (const child of children) if (child !== undefined) yield child.slot;
  for (const { child } of again) yield child.slot;
  for (let slot = next; slot < inputs.length; slot++) yield slot;
}

/** The branches that are open. */
export function within({ frame }: Activation): readonly (Activation | undefined)[] {
  return (frame as FanFrame).children;
}

/** Opens branches up to the limit, and tells how the fan-out ends once none is open. */
export function fill(fan: Activation, frame: FanFrame, sink: Sink): Ended | undefined {
  frame.isFilling = true;
  while (hasPlace(frame)) {
    const again = frame.again.length === 0 ? undefined : frame.again.shift();
    const child = again?.child ?? nextBranch(fan, frame, sink);
    if (child === undefined) continue;
    frame.children[child.slot] = child;
    frame.active += 1;
    const ended = again === undefined ? enter(child, sink) : again.enter(sink);
    if (ended === undefined) continue;
    leave(child, ended, sink);
    collect(fan, frame, child, ended, sink);
  }
  frame.isFilling = false;
  if (frame.active > 0) {
    if (frame.resting === frame.active) restAsWhole(fan, frame, sink);
    return undefined;
  }
  if (frame.closing !== undefined) return frame.closing;
  // Its host ends it, when nothing goes on in it any more.
  if (frame.halted !== undefined) return undefined;
  if (frame.lost.length > 0) keepCensus(fan);
  return { kind: "completed", value: joined(frame) };
}

/** Whether a branch begins now. */
function hasPlace(frame: FanFrame): boolean {
  if (!hasMore(frame)) return false;
  return frame.active - frame.resting < frame.node.concurrency || frame.again[0]?.needsPlace === false;
}

/** Whether a branch is left that may begin. */
function hasMore({ closing, halted, next, inputs, again }: FanFrame): boolean {
  return closing === undefined && halted === undefined && (next < inputs.length || again.length > 0);
}

/** The branch that begins next; `undefined` when it is skipped. */
function nextBranch(fan: Activation, frame: FanFrame, sink: Sink): Activation | undefined {
  const { node, branches, inputs } = frame;
  const slot = frame.next++;
  if (isSkipped(fan, frame, slot, sink)) return undefined;
  return new Activation(fan, branches[node.keys === undefined ? 0 : slot]!, copyOf(inputs[slot]), 1, slot);
}

/** The output of the results there are. */
function joined({ node, results }: FanFrame): unknown {
  return node.join?.(results) ?? results;
}

/** A fan-out rests when all its open branches do. Then none is left to be opened. */
function restAsWhole(fan: Activation, frame: FanFrame, sink: Sink): void {
  if (frame.rests || frame.closing !== undefined) return;
  frame.rests = true;
  restAbove(fan, sink);
}

/** The places of a fan-out. */
export const places: Places = {
  rested: (fan, sink) => {
    const frame = fan.frame as FanFrame;
    frame.resting += 1;
    // It does not end by this, because the branch that rests is open.
    if (!frame.isFilling) fill(fan, frame, sink);
  },
  woke: ({ frame: of }) => {
    const frame = of as FanFrame;
    const { rests } = frame;
    frame.resting -= 1;
    frame.rests = false;
    return rests;
  },
  hasMore: ({ frame }) => hasMore(frame as FanFrame),
};

function collect(fan: Activation, frame: FanFrame, child: Activation, ended: Ended, sink: Sink): void {
  frame.active -= 1;
  frame.children[child.slot] = undefined;
  if (ended.kind === "completed") frame.done += 1;
  else frame.lost.push({ child, error: ended.kind === "failed" ? ended.error : undefined });
  if (frame.closing !== undefined) {
    // It counts when the run is tried again.
    if (ended.kind === "completed") frame.node.take(frame, child, ended);
    return;
  }
  if (ended.kind === "cancelled") {
    finish(fan, frame, ended, `"${child.runnable.id}" beside it was stopped`, sink);
    return;
  }
  const taken = frame.node.take(frame, child, ended);
  if (taken !== undefined) finish(fan, frame, taken.ended, taken.why, sink);
  else if (ended.kind === "failed") haltOn(fan, frame, ended.error, sink);
}

/** Decides the end; stops the branches that are still open. */
function finish(fan: Activation, frame: FanFrame, ended: Ended, why: string, sink: Sink): void {
  if (ended.kind === "failed") keepCensus(fan);
  if (frame.active > 0) close(fan, ended, new CancelledError(why), sink);
  else frame.closing = ended;
}

/** Whether the branch's condition does not hold. A condition that throws fails the fan-out. */
function isSkipped(fan: Activation, frame: FanFrame, slot: number, sink: Sink): boolean {
  const { node } = frame;
  const when = node.when?.[slot];
  if (when === undefined) return false;
  const decision = sink.decisions?.recall() ?? isOpen(fan, when, sink);
  sink.decisions?.note(decision);
  if (decision === "open") return false;
  frame.skipped += 1;
  if (decision === "skip") {
    const { id } = node.branches[slot]!;
    sink.recorder?.skipped(`${fan.path}[${node.keys![slot]}]/${id}#1`, id);
  } else {
    const { error } = decision as { readonly error: Error };
    finish(fan, frame, { kind: "failed", error: failureAgain(fan, error) }, "a condition threw", sink);
  }
  return true;
}

function isOpen(
  fan: Activation,
  when: (input: unknown) => boolean,
  { decisions }: Sink,
): "open" | "skip" | { readonly error: Error } {
  try {
    return atOnce(when(fan.input)) ? "open" : "skip";
  } catch (thrown) {
    const error = failureOf(fan, thrown);
    return { error: decisions?.kept(error) ?? error };
  }
}

function itemsOf(fan: Activation): readonly unknown[] {
  // A copy, because the caller may go on to change the array.
  if (Array.isArray(fan.input)) return fan.input.slice();
  const { id } = fan.runnable;
  const says = `"${id}" takes an array, and was given ${shapeOf(fan.input)}.`;
  throw failureOf(
    fan,
    new FatalError(says, { fix: `Pass an array, or convert on the edge before "${id}".` }),
  );
}
