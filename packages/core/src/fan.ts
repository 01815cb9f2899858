/** The part of the transition that opens branches side by side and joins them. */
import { Activation, type Ended, type FanFrame } from "./activation.ts";
import { CancelledError } from "./errors/cancelled-error.ts";
import { FatalError } from "./errors/fatal-error.ts";
import { shapeOf } from "./errors/no-advance-error.ts";
import { RunnableError } from "./errors/runnable-error.ts";
import { enter, leave, type Sink } from "./transition.ts";

/** Opens the first branches. Gives the end at once if nothing has to be waited for. */
export function openFan(fan: Activation, node: FanFrame["node"], sink: Sink): Ended | undefined {
  try {
    const inputs = node.kind === "each" ? itemsOf(fan) : node.keys.map(() => fan.input);
    fan.frame = {
      kind: "fan",
      node,
      inputs,
      results: new Array<unknown>(inputs.length),
      children: new Array<Activation | undefined>(inputs.length),
      next: 0,
      active: 0,
      closing: undefined,
    };
    return fill(fan, fan.frame, sink);
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

/** Opens branches up to the limit, and tells how the fan-out ends once none is open. */
function fill(fan: Activation, frame: FanFrame, sink: Sink): Ended | undefined {
  const { node, inputs } = frame;
  while (frame.closing === undefined && frame.next < inputs.length && frame.active < node.concurrency) {
    const slot = frame.next++;
    if (isSkipped(fan, frame, slot, sink)) continue;
    const branch = node.kind === "each" ? node.branch : node.branches[slot]!;
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
  if (ended.kind === "completed") {
    frame.results[child.slot] = ended.value;
    return;
  }
  close(fan, frame, ended, `"${child.runnable.id}" beside it did not complete`, sink);
}

/** Stops the branches that are still open; the fan-out ends when they have settled or their grace time is over. */
function close(fan: Activation, frame: FanFrame, ended: Ended, why: string, sink: Sink): void {
  frame.closing = ended;
  if (frame.active === 0) return;
  if (fan.reason === undefined) fan.abort(new CancelledError(why));
  sink.timer(fan, sink.grace);
}

/** Whether the branch's condition does not hold. A condition that throws fails the fan-out. */
function isSkipped(fan: Activation, frame: FanFrame, slot: number, sink: Sink): boolean {
  const when = frame.node.kind === "all" ? frame.node.when[slot] : undefined;
  if (when === undefined) return false;
  try {
    if (when(fan.input)) return false;
    sink.recorder?.skipped(fan, slot);
  } catch (error) {
    close(fan, frame, failed(fan, error), "a condition threw", sink);
  }
  return true;
}

function joined({ node, results }: FanFrame): unknown {
  if (node.kind === "each") return results;
  const entries = node.keys.flatMap((key, slot) => (slot in results ? [[key, results[slot]] as const] : []));
  return Object.fromEntries(entries);
}

function itemsOf(fan: Activation): readonly unknown[] {
  // A copy, because the caller may go on to change the array.
  if (Array.isArray(fan.input)) return fan.input.slice();
  throw failed(
    fan,
    new FatalError(`"${fan.runnable.id}" takes an array, and was given ${shapeOf(fan.input)}.`),
  ).error;
}

function failed(fan: Activation, cause: unknown): { readonly kind: "failed"; readonly error: Error } {
  const { runnable, path, visit, input } = fan;
  return {
    kind: "failed",
    error: new RunnableError({ runnable: runnable.id, path, visit, attempt: 1, input }, cause),
  };
}
