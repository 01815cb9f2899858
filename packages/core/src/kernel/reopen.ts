/**
 * Reopening: when a run is tried again, the branches that failed or were stopped go on inside of fan-outs that have not
 * ended. A runnable that failed is called again with its input, under its path and with its values of `ctx.once`; a
 * composite goes on inside, and what is done in it stays.
 */
import type { Activation, Ended, Frame } from "./activation.ts";
import { forgetWrites } from "./attached.ts";
import { type CollectingFrame, hasBackground } from "./background.ts";
import { fill } from "./fan.ts";
import { type FanFrame, isFan } from "./fan-frame.ts";
import { childrenOf } from "./leaves.ts";
import { type MachineFrame, machineOf } from "./machine-frame.ts";
import type { OpenNode, WaitNode } from "./node.ts";
import { enter, leave, type RunState, type Sink } from "./transition.ts";

/** Reopens all that was lost inside an open activation. */
export function reopenWithin(activation: Activation, sink: Sink): void {
  const { frame } = activation;
  if (frame === undefined) return;
  const open = [...childrenOf(activation)];
  if (isFan(frame)) reopenLost(activation, frame, sink);
  for (const child of open) reopenWithin(child, sink);
}

/** Goes on with a run that has failed or was cancelled: what completed in it stays. */
export function reopenRun(run: RunState, sink: Sink): void {
  const { root } = run;
  const { startedAt } = root;
  root.revive();
  // The run is told to start once, and lasts from then on.
  root.startedAt = startedAt;
  if (root.attached !== undefined) root.attached.censuses = undefined;
  run.ended = undefined;
  sink.entering?.(root);
  const ended = goOnInside(root, root.frame!, sink);
  if (ended === undefined) return;
  leave(root, ended, sink);
  run.ended = ended;
}

/** Goes on with an activation that has ended without completing. */
function reopen(activation: Activation, sink: Sink): Ended | undefined {
  const { frame } = activation;
  activation.revive();
  sink.recorder?.willReopen(activation);
  if (frame === undefined || !hasLost(activation, frame)) {
    activation.frame = undefined;
    forgetAttempts(activation);
    return enter(activation, sink);
  }
  sink.entering?.(activation);
  sink.recorder?.started(activation);
  return goOnInside(activation, frame, sink);
}

/** Goes on with what was lost inside a composite. */
function goOnInside(activation: Activation, frame: Frame, sink: Sink): Ended | undefined {
  frame.closing = undefined;
  if (activation.attached !== undefined) activation.attached.rests = false;
  reopenBackground(activation, sink);
  const machine = machineOf(activation);
  const deadline = machine?.definition.deadline;
  if (deadline !== undefined) sink.timer(activation, deadline, "deadline");
  if (isFan(frame)) {
    frame.resting = 0;
    frame.rests = false;
    return reopenLost(activation, frame, sink);
  }
  if (machine?.undecided !== undefined) {
    const { child, undecided } = machine;
    machine.undecided = undefined;
    return (activation.node as OpenNode).proceed(activation, child!, undecided, sink);
  }
  // The only child of a machine or a choice is open until it completes.
  return reopen((frame as MachineFrame).child!, sink);
}

/**
 * What was stopped in the background goes on there. What failed there is a result and stays, but for a child by its name: that
 * is no result, because whoever collects it fails with it, so it goes on too.
 */
function reopenBackground(machine: Activation, sink: Sink): void {
  if (!hasBackground(machine.node)) return;
  const left = machine.node.parts(machine);
  const { child, undecided } = machine.frame as MachineFrame;
  // Who collects them does so again, unless it has ended and only its edges are to be asked.
  if (undecided === undefined)
    for (const part of (child?.frame as CollectingFrame | undefined)?.taken ?? []) left.add(part);
  for (const part of left.all) {
    const frame = part.frame as FanFrame;
    const isChild = frame.node.background?.atOnce;
    const dropped = frame.children.filter((child) => child?.over === true) as Activation[];
    const lost = frame.lost.filter(({ error }) => isChild ?? error === undefined);
    frame.lost = frame.lost.filter((one) => !lost.includes(one));
    if (isChild && lost.length > 0) frame.late = [];
    frame.resting = 0;
    goOnWith(part, frame, [...lost.map(({ child }) => child), ...dropped], sink);
  }
  left.refresh();
}

/** Begins branches again at once, which were open when their fan-out was stopped. */
function goOnWith(fan: Activation, frame: FanFrame, open: readonly Activation[], sink: Sink): void {
  for (const { slot } of open) frame.children[slot] = undefined;
  if (frame.following?.over === true) frame.following = undefined;
  frame.active = frame.children.filter((child) => child !== undefined).length;
  frame.again = open.map((child) => ({ child, needsPlace: false, enter: (into) => reopen(child, into) }));
  fill(fan, frame, sink);
}

/**
 * The branches that were lost begin again. Those that were open when the fan-out ended go on at once, as they would have;
 * those that failed before begin as far as the fan-out has places.
 */
function reopenLost(fan: Activation, frame: FanFrame, sink: Sink): Ended | undefined {
  const lost = lostIn(frame);
  if (lost.length === 0) return undefined;
  const waited = new Set(frame.again.map(({ child }) => child));
  const wereOpen = new Set(lost.filter((child) => !waited.has(child) && wasOpen(frame, child)));
  frame.lost = [];
  frame.halted = undefined;
  frame.isPartial = false;
  for (const child of lost) {
    frame.children[child.slot] = undefined;
    if (frame.node.settled === true) delete frame.results[child.slot];
  }
  const begun = new Set(lost.map(({ slot }) => slot));
  frame.order = frame.order.filter((slot) => !begun.has(slot));
  if (frame.following?.over === true) frame.following = undefined;
  frame.active = frame.children.filter((child) => child !== undefined).length;
  const inOrder = [...wereOpen, ...lost.filter((child) => !wereOpen.has(child))];
  frame.again = inOrder.map((child) => ({
    child,
    needsPlace: !wereOpen.has(child),
    enter: (into) => reopen(child, into),
  }));
  return fill(fan, frame, sink);
}

/** Whether a branch that had begun was open when its fan-out ended. A failure ends a fan-out that is not settled. */
function wasOpen({ node, children }: FanFrame, child: Activation): boolean {
  if (node.settled !== true || children[child.slot] === child) return true;
  return [...startedAgain(child)].some(({ attached }) => attached?.stopped === true);
}

/** What begins again inside an open activation as soon as its fan-outs have places. */
export function* reopenedLater(activation: Activation): Iterable<Activation> {
  const { frame } = activation;
  if (frame === undefined) return;
  if (isFan(frame)) for (const { child } of frame.again) yield* startedAgain(child);
  for (const child of childrenOf(activation)) yield* reopenedLater(child);
}

/** What `reopen` starts again, of an activation that has ended or inside it. */
function* startedAgain(activation: Activation): Iterable<Activation> {
  const { frame } = activation;
  if (frame === undefined || !hasLost(activation, frame)) yield activation;
  else if (isFan(frame)) for (const child of lostIn(frame)) yield* startedAgain(child);
  else if ((frame as MachineFrame).undecided === undefined)
    yield* startedAgain((frame as MachineFrame).child!);
}

/** The branches of a fan-out that ended without completing. */
function lostIn({ again, lost, children }: FanFrame): readonly Activation[] {
  const dropped = children.filter((child) => child?.over === true) as Activation[];
  return [...again.map(({ child }) => child), ...lost.map(({ child }) => child), ...dropped];
}

/** Whether something in it can go on where it was. */
function hasLost(activation: Activation, frame: Frame): boolean {
  if (isFan(frame)) return lostIn(frame).length > 0;
  return (frame as MachineFrame).child !== undefined && activation.node !== undefined;
}

/**
 * What was written is written again, what was asked and not answered is asked again, and values of `ctx.once` stay. A
 * wait or the attempts of what failed start again; what was stopped goes on with them.
 */
function forgetAttempts(activation: Activation): void {
  const { attached } = activation;
  if (attached?.stopped !== true) activation.attempt = 1;
  if (attached === undefined) return;
  attached.rests = false;
  attached.dossiers = undefined;
  attached.branches = undefined;
  forgetWrites(attached);
  const { notes, stopped } = attached;
  for (const name of ["held", "asked"]) notes.delete(name);
  for (const name of [...notes.keys()]) {
    const asked = /^asked:(.*)$/s.exec(name)?.[1];
    if (asked !== undefined && !notes.has(`answered:${asked}`)) notes.delete(name);
  }
  // The time of a timeout begins again, or it would be over.
  if (!stopped || (activation.node as WaitNode | undefined)?.awaits !== undefined) notes.delete("slept");
  if (!stopped) notes.delete("retrying");
}
