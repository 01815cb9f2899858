/**
 * The background of a machine: branches of its fan-outs that go on after their fan-out has completed. A fan-out that leaves
 * something behind is over for its machine, and a **part** of the machine's background until everything in it has ended.
 * The results wait in the part for a state that collects them.
 *
 * A machine ends after its background: what goes on there when the machine has its end is stopped, as the losers of a race are.
 */
import { CancelledError } from "../errors/cancelled-error.ts";
import { FatalError } from "../errors/fatal-error.ts";
import type { ErrorText } from "../errors/orch-error.ts";
import { isTerminal } from "../errors/terminal.ts";
import { Activation, type Ended, type Frame } from "./activation.ts";
import { failureOf } from "./failure-of.ts";
import { type FanFrame, isFan } from "./fan-frame.ts";
import type { MachineFrame } from "./machine-frame.ts";
import type { OpenNode, Places } from "./node.ts";
import { Parts } from "./parts.ts";
import { makesRoom, restAbove } from "./resting.ts";
import { close, leave, type Sink } from "./transition.ts";

/** A machine that has a background. */
export interface BackgroundNode extends OpenNode {
  /** The fan-outs that left something behind and were not collected. */
  readonly parts: (machine: Activation) => Parts;
}

/** A state that takes the results of parts, and may wait for them. */
export interface CollectingNode extends OpenNode {
  /** How it ends now; `undefined` while it waits. */
  readonly collected: (activation: Activation) => Ended | undefined;
}

/** How far a state is that collects. */
export interface CollectingFrame extends Frame {
  /** The parts whose results it took. If it failed with them, they go on where the run is tried again. */
  taken?: readonly Activation[];
}

/** The background of each machine that has one. */
const partsOf = new WeakMap<Activation, Parts>();

/** The parts of a machine's background. */
export function parts(machine: Activation): Parts {
  let known = partsOf.get(machine);
  if (known === undefined) {
    known = new Parts();
    partsOf.set(machine, known);
  }
  return known;
}

/** Refuses a fan-out that no machine is around, which could keep its branches. */
export function admitPart(fan: Activation): void {
  if (hasBackground(fan.parent?.node)) return;
  const { says, fix } = unkept(fan.runnable.id);
  throw failureOf(fan, new FatalError(says, { fix }));
}

/** What is wrong with a fan-out that leaves branches behind, and is no state. */
export function unkept(id: string): ErrorText {
  return {
    says: `"${id}" leaves branches in the background, and is no state of an orchestration that could keep them.`,
    fix: `Make an orchestration whose state is "${id}", and put that in its place.`,
  };
}

/** Leaves a fan-out in the background of the machine around it. */
export function leavePart(fan: Activation): void {
  parts(fan.parent!).add(fan);
  // What is aborted around it still reaches its branches.
  fan.release = () => {};
}

/** Whether a machine keeps a background. */
export function hasBackground(node: object | undefined): node is BackgroundNode {
  return node !== undefined && "parts" in node;
}

/** The node of a machine with a background, around the node of one without. */
export function withBackground<TNode extends OpenNode>(node: TNode): TNode {
  if (hasBackground(node)) return node;
  const around: Pick<BackgroundNode, "open" | "proceed" | "within" | "parts" | "places"> = {
    parts,
    places,
    open: (machine, sink) => settle(machine, node.open(machine, sink), sink),
    proceed: (machine, child, ended, sink) => {
      const left = parts(machine);
      if (left.all.has(child) && childOf(machine) !== child) {
        left.ended(child);
        Activation.prototype.release.call(child);
        const end = partEnded(node, machine, sink);
        if (end === undefined) places.rested(machine, sink);
        return end;
      }
      return settle(machine, node.proceed(machine, child, ended, sink), sink);
    },
    within: openAround,
  };
  return { ...node, ...around };
}

/** A machine with a background rests while its state and everything in the background do. */
const places: Places = {
  rested: (machine, sink) => {
    if (machine.attached?.rests === true || !restsNow(machine) || !makesRoom(machine)) return;
    machine.attach().rests = true;
    restAbove(machine, sink);
  },
  woke: ({ attached }) => {
    if (attached?.rests !== true) return false;
    attached.rests = false;
    return true;
  },
  hasMore: () => false,
};

function restsNow(machine: Activation): boolean {
  if (!stateRests(childOf(machine))) return false;
  for (const { frame } of parts(machine).open)
    if ((frame as FanFrame).resting < (frame as FanFrame).active) return false;
  return true;
}

/** Whether the state of a machine rests. One that collects does not. */
function stateRests(state: Activation | undefined): boolean {
  if (state === undefined || state.over) return false;
  const { frame, attached } = state;
  if (frame === undefined || hasBackground(state.node)) return attached?.rests === true;
  return isFan(frame) ? frame.rests : stateRests(childOf(state));
}

/** One after another: who looks for the first that goes on does not walk through all. */
function* openAround(machine: Activation): Iterable<Activation | undefined> {
  yield childOf(machine);
  for (const part of parts(machine).open) yield* openIn(part);
}

/** The state that a machine is in. */
function childOf({ frame }: Activation): Activation | undefined {
  return (frame as MachineFrame).child;
}

/** A machine has its end: it ends when nothing goes on in its background any more, and stops what does. */
function settle(machine: Activation, ended: Ended | undefined, sink: Sink): Ended | undefined {
  if (ended === undefined || isIdle(machine)) return ended;
  const frame = machine.frame!;
  if (machine.reason !== undefined) frame.closing ??= ended;
  else
    close(
      machine,
      ended,
      new CancelledError(`"${machine.runnable.id}", in whose background it was, ended`),
      sink,
    );
  return undefined;
}

/** Everything in a part of the background has ended. */
function partEnded(node: OpenNode, machine: Activation, sink: Sink): Ended | undefined {
  const waiting = childOf(machine);
  if (waiting?.over !== false) return isIdle(machine) ? machine.frame!.closing : undefined;
  const { reason } = machine;
  const collected =
    reason === undefined
      ? (waiting.node as Partial<CollectingNode> | undefined)?.collected?.(waiting)
      : isIdle(machine) && waiting.node?.kind === "collect"
        ? ({ kind: "cancelled", error: reason } as const)
        : undefined;
  if (collected === undefined) return undefined;
  leave(waiting, collected, sink);
  return settle(machine, node.proceed(machine, waiting, collected, sink), sink);
}

function isIdle(machine: Activation): boolean {
  return parts(machine).open.size === 0;
}

/** A branch ended in the background. Its failure is a result; after a terminal error nothing more begins. */
export function comeLate(fan: Activation, frame: FanFrame, slot: number, ended: Ended): void {
  if (ended.kind === "cancelled") return;
  frame.late.push({ slot, ended });
  if (ended.kind !== "failed" || !isTerminal(ended.error, fan.path)) return;
  frame.next = frame.inputs.length;
  frame.due.length = 0;
}

/** Whether it is stopped in the background, where it has no end of its own to wait for. */
export function isStoppedPart(fan: Activation, { left }: FanFrame): boolean {
  return left !== undefined && fan.reason !== undefined;
}

/** How many branches of a fan-out go on in the background, or begin there. */
export function leftIn({ frame: of }: Activation): number | undefined {
  const frame = of as FanFrame;
  if (frame.left === undefined) return undefined;
  return frame.inputs.length - frame.skipped - frame.done - frame.lost.length;
}

/** The branches that go on in a part. */
export function openIn(part: Activation): readonly Activation[] {
  return (part.frame as FanFrame).children.filter((child) => child?.over === false) as Activation[];
}
