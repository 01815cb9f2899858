/** The part of the transition that opens branches side by side and joins them; a policy says what each end means. */
import { CancelledError } from "../errors/cancelled-error.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { copyOf } from "../platform/copy-of.ts";
import { Activation, type Ended } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import { comeLate, isStoppedPart } from "./background.ts";
import { keepCensus } from "./census-of.ts";
import { compiled } from "./compiled.ts";
import { failureAgain, failureOf } from "./failure-of.ts";
import type { BranchEnd, FanFrame, FanNode } from "./fan-frame.ts";
import { haltOn } from "./halt.ts";
import type { Places } from "./node.ts";
import { restAbove } from "./resting.ts";
import { settledOf } from "./settled-of.ts";
import { close, enter, leave, type Sink } from "./transition.ts";

/** Opens the first branches. Gives the end at once if nothing has to be waited for. */
export function openFan(fan: Activation, sink: Sink): Ended | undefined {
  const node = fan.node as FanNode;
  try {
    node.background?.admit(fan);
    const inputs = node.keys?.map(() => fan.input) ?? itemsOf(fan);
    const frame: FanFrame = {
      node,
      branches: node.branches.map(compiled),
      inputs,
      results: new Array<unknown>(inputs.length),
      order: [],
      left: undefined,
      late: [],
      due: [],
      following: undefined,
      growth: undefined,
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
    if (node.background?.atOnce === true) frame.left = { kind: "completed", value: fan.input };
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
  for (const slot of openSlots(frame)) {
    frame.results[slot] = frame.node.unended?.(error);
    frame.order.push(slot);
  }
  return { kind: "completed", value: joined(frame) };
}

/** The branches that were not started, or have not ended. */
function* openSlots({ children, again, due, next, inputs }: FanFrame): Iterable<number> {
  for (const child of children) if (child !== undefined) yield child.slot;
  for (const { child } of again) yield child.slot;
  for (const { slot } of due) yield slot;
  for (let slot = next; slot < inputs.length; slot++) yield slot;
}

/** The branches that are open. */
export function within({ frame }: Activation): readonly (Activation | undefined)[] {
  return (frame as FanFrame).children;
}

/** Opens branches up to the limit, and tells how the fan-out ends once none is open. */
export function fill(fan: Activation, frame: FanFrame, sink: Sink): Ended | undefined {
  frame.isFilling = true;
  while (hasPlace(frame) && !isStoppedPart(fan, frame)) {
    const again = frame.again.length === 0 ? undefined : frame.again.shift();
    const child = again?.child ?? following(fan, frame) ?? nextBranch(fan, frame, sink);
    if (child === undefined) continue;
    if (isFollowing(frame, child)) frame.following = child;
    frame.children[child.slot] = child;
    frame.active += 1;
    const ended = again === undefined ? enter(child, sink) : again.enter(sink);
    if (ended === undefined) continue;
    leave(child, ended, sink);
    collect(fan, frame, child, ended, sink);
  }
  frame.isFilling = false;
  // In the background something goes on, and the machine does too.
  if (frame.left !== undefined && !fan.over) {
    frame.node.background!.leave(fan);
    return frame.left;
  }
  if (frame.active > 0) {
    if (frame.resting === frame.active) restAsWhole(fan, frame, sink);
    return undefined;
  }
  return frame.left ?? frame.closing ?? endOf(fan, frame, sink);
}

/** How a fan-out ends in which no branch is open, and nothing was decided. */
function endOf(fan: Activation, frame: FanFrame, sink: Sink): Ended | undefined {
  // Its host ends it, when nothing goes on in it any more.
  if (frame.halted !== undefined) return undefined;
  const end = frame.node.undecided?.(fan, sink);
  if (frame.lost.length > 0) keepCensus(fan);
  return end ?? { kind: "completed", value: joined(frame) };
}

/** Whether a branch begins now. */
function hasPlace(frame: FanFrame): boolean {
  if (!hasMore(frame)) return false;
  if (frame.following !== undefined && !hasOther(frame)) return false;
  return frame.active - frame.resting < frame.node.concurrency || frame.again[0]?.needsPlace === false;
}

/** Whether a branch is left that may begin. */
function hasMore({ closing, halted, next, inputs, again, due }: FanFrame): boolean {
  if (closing !== undefined || halted !== undefined) return false;
  return next < inputs.length || again.length > 0 || due.length > 0;
}

/** Whether a branch may come that is not there yet: an item that is added, or what takes a result. */
function getsMore({ node, closing, halted }: FanFrame): boolean {
  return (node.follows === true || node.grows !== undefined) && closing === undefined && halted === undefined;
}

/** Whether something else than a follow-up may begin. */
function hasOther(frame: FanFrame): boolean {
  const [first] = frame.again;
  return first === undefined ? frame.next < frame.inputs.length : !isFollowing(frame, first.child);
}

/** Whether it takes the result of a branch. */
function isFollowing({ node, branches }: FanFrame, { runnable }: Activation): boolean {
  return node.follows === true && runnable.id === branches.at(-1)!.id;
}

/** Whether branches are open, or have not begun. */
function isUnfinished(frame: FanFrame): boolean {
  return frame.active > 0 || hasMore(frame);
}

/** What takes the next result, unless another one is being taken. */
function following(fan: Activation, frame: FanFrame): Activation | undefined {
  if (frame.due.length === 0 || frame.following !== undefined) return undefined;
  const { slot, value } = frame.due.shift()!;
  return new Activation(fan, frame.branches.at(-1)!, copyOf(value), 1, slot);
}

/** The branch that begins next; `undefined` when it is skipped. */
function nextBranch(fan: Activation, frame: FanFrame, sink: Sink): Activation | undefined {
  const { node, branches, inputs } = frame;
  const slot = frame.next++;
  if (isSkipped(fan, frame, slot, sink)) return undefined;
  return new Activation(fan, branches[node.keys === undefined ? 0 : slot]!, copyOf(inputs[slot]), 1, slot);
}

/** The output of the results there are. */
export function joined({ node, results, order }: FanFrame): unknown {
  return node.join(results, order);
}

/** A fan-out rests when all its open branches do, in the background too. Then none is left to be opened. */
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
    const { rests, left } = frame;
    frame.resting -= 1;
    frame.rests = false;
    // The machine around a part knows whether it rested as a whole.
    return rests || left !== undefined;
  },
  hasMore: ({ frame }) => hasMore(frame as FanFrame) || getsMore(frame as FanFrame),
};

function collect(fan: Activation, frame: FanFrame, child: Activation, ended: Ended, sink: Sink): void {
  const { node } = frame;
  const { slot } = child;
  frame.active -= 1;
  frame.children[slot] = undefined;
  const isFollow = isFollowing(frame, child);
  if (isFollow) frame.following = undefined;
  if (ended.kind === "completed" && node.follows === true && !isFollow) {
    frame.due.push({ slot, value: ended.value });
    return;
  }
  if (ended.kind === "completed") frame.done += 1;
  else frame.lost.push({ child, error: ended.kind === "failed" ? ended.error : undefined });
  // What completes while it is being stopped counts when the run is tried again.
  if (
    frame.left === undefined &&
    (ended.kind === "completed" || (ended.kind === "failed" && frame.closing === undefined))
  ) {
    keepResult(frame, slot, ended);
  }
  if (frame.closing !== undefined) return;
  if (frame.left !== undefined) {
    comeLate(fan, frame, slot, ended);
    return;
  }
  if (ended.kind === "cancelled") {
    finish(fan, frame, ended, `"${child.runnable.id}" beside it was stopped`, sink);
    return;
  }
  const taken = node.decide(fan, child, ended, sink);
  if (taken?.isEnough === true && node.background !== undefined && isUnfinished(frame))
    frame.left = taken.ended;
  else if (taken !== undefined) finish(fan, frame, taken.ended, taken.why, sink);
  else if (ended.kind === "failed") haltOn(fan, frame, ended.error, sink);
}

function keepResult({ node, results, order }: FanFrame, slot: number, ended: BranchEnd): void {
  if (node.settled === true) results[slot] = settledOf(ended);
  else if (ended.kind === "completed") results[slot] = ended.value;
  else return;
  order.push(slot);
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
