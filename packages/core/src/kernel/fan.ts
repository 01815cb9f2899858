/** The part of the transition that opens branches side by side and joins them. */

import { CancelledError } from "../errors/cancelled-error.ts";
import { errorData } from "../errors/error-data.ts";
import { FatalError } from "../errors/fatal-error.ts";
import { shapeOf } from "../errors/no-advance-error.ts";
import { RaceLostError } from "../errors/race-lost-error.ts";
import type { Settled } from "../words/settled.ts";
import { Activation, type Ended, type FanFrame } from "./activation.ts";
import { atOnce } from "./at-once.ts";
import { compiled } from "./compiled.ts";
import { failureOf } from "./failure-of.ts";
import type { FanNode } from "./node.ts";
import { close, enter, leave, type Sink } from "./transition.ts";

/** Opens the first branches. Gives the end at once if nothing has to be waited for. */
export function openFan(fan: Activation, sink: Sink): Ended | undefined {
  const node = fan.node as FanNode;
  try {
    const inputs = node.kind === "each" ? itemsOf(fan) : node.keys.map(() => fan.input);
    fan.frame = {
      kind: "fan",
      node,
      branches: node.branches.map(compiled),
      inputs,
      results: node.kind === "race" ? [] : new Array<unknown>(inputs.length),
      children: new Array<Activation | undefined>(inputs.length),
      next: 0,
      active: 0,
      failures: NONE,
      closing: undefined,
    };
    return fill(fan, fan.frame, sink);
  } catch (error) {
    return { kind: "failed", error: error as Error };
  }
}

const NONE: Error[] = [];

/** Takes the end of one branch. Gives the end of the fan-out when it was the last. */
export function continueFan(fan: Activation, child: Activation, ended: Ended, sink: Sink): Ended | undefined {
  const frame = fan.frame as FanFrame;
  collect(fan, frame, child, ended, sink);
  return fill(fan, frame, sink);
}

/** Opens branches up to the limit, and tells how the fan-out ends once none is open. */
function fill(fan: Activation, frame: FanFrame, sink: Sink): Ended | undefined {
  const { node, branches, inputs } = frame;
  while (frame.closing === undefined && frame.next < inputs.length && frame.active < node.concurrency) {
    const slot = frame.next++;
    if (isSkipped(fan, frame, slot, sink)) continue;
    const branch = branches[node.kind === "each" ? 0 : slot]!;
    const child = new Activation(fan, branch, inputs[slot], 1, slot);
    frame.children[slot] = child;
    frame.active += 1;
    const ended = enter(child, sink);
    if (ended === undefined) continue;
    leave(child, ended, sink);
    collect(fan, frame, child, ended, sink);
  }
  if (frame.active > 0) return undefined;
  return frame.closing ?? { kind: "completed", value: joined(frame) };
}

function collect(fan: Activation, frame: FanFrame, child: Activation, ended: Ended, sink: Sink): void {
  frame.active -= 1;
  frame.children[child.slot] = undefined;
  if (frame.closing !== undefined) return;
  if (ended.kind === "cancelled") {
    finish(fan, frame, ended, `"${child.runnable.id}" beside it was stopped`, sink);
  } else if (frame.node.kind === "race") {
    collectRace(fan, frame, frame.node.first, child, ended, sink);
  } else if (frame.node.settled) {
    frame.results[child.slot] = settledOf(ended);
  } else if (ended.kind === "completed") {
    frame.results[child.slot] = ended.value;
  } else {
    finish(fan, frame, ended, `"${child.runnable.id}" beside it did not complete`, sink);
  }
}

/** The first values end a race; failures do when too few branches are left to win. */
function collectRace(
  fan: Activation,
  frame: FanFrame,
  first: number | undefined,
  child: Activation,
  ended: Exclude<Ended, { readonly kind: "cancelled" }>,
  sink: Sink,
): void {
  const wanted = first ?? 1;
  if (ended.kind === "completed") {
    frame.results.push(ended.value);
    if (frame.results.length < wanted) return;
    const value = first === undefined ? ended.value : frame.results;
    finish(fan, frame, { kind: "completed", value }, `"${child.runnable.id}" was faster`, sink);
    return;
  }
  frame.failures = [...frame.failures, ended.error];
  if (frame.inputs.length - frame.failures.length >= wanted) return;
  const failures = frame.failures.map(errorData);
  const facts = { race: fan.runnable.id, path: fan.path, wanted, failures };
  const error = new RaceLostError(facts, ended.error);
  finish(fan, frame, { kind: "failed", error }, "too few branches of the race were left", sink);
}

/** Decides the end; stops the branches that are still open. */
function finish(fan: Activation, frame: FanFrame, ended: Ended, why: string, sink: Sink): void {
  if (frame.active > 0) close(fan, ended, new CancelledError(why), sink);
  else frame.closing = ended;
}

function settledOf(ended: Exclude<Ended, { readonly kind: "cancelled" }>): Settled<unknown> {
  return ended.kind === "completed"
    ? { status: "completed", value: ended.value }
    : { status: "failed", error: errorData(ended.error) };
}

/** Whether the branch's condition does not hold. A condition that throws fails the fan-out. */
function isSkipped(fan: Activation, frame: FanFrame, slot: number, sink: Sink): boolean {
  const { node } = frame;
  if (node.kind !== "all") return false;
  const when = node.when[slot];
  if (when === undefined) return false;
  const decision = sink.decisions?.recall() ?? isOpen(fan, when);
  sink.decisions?.note(decision);
  if (decision === "open") return false;
  if (decision === "skip") {
    const { id } = node.branches[slot]!;
    sink.recorder?.skipped(`${fan.path}[${node.keys[slot]}]/${id}#1`, id);
  } else {
    const { error } = decision as { readonly error: Error };
    finish(fan, frame, { kind: "failed", error }, "a condition threw", sink);
  }
  return true;
}

function isOpen(
  fan: Activation,
  when: (input: unknown) => boolean,
): "open" | "skip" | { readonly error: Error } {
  try {
    return atOnce(when(fan.input)) ? "open" : "skip";
  } catch (error) {
    return { error: failureOf(fan, error) };
  }
}

function joined({ node, results }: FanFrame): unknown {
  if (node.kind !== "all") return results;
  const entries = node.keys.flatMap((key, slot) => (slot in results ? [[key, results[slot]] as const] : []));
  return Object.fromEntries(entries);
}

function itemsOf(fan: Activation): readonly unknown[] {
  // A copy, because the caller may go on to change the array.
  if (Array.isArray(fan.input)) return fan.input.slice();
  const says = `"${fan.runnable.id}" takes an array, and was given ${shapeOf(fan.input)}.`;
  throw failureOf(fan, new FatalError(says));
}
