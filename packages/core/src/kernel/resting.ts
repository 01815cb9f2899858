/**
 * Resting: an operation rests while it waits for somebody outside or for a time, and a composite rests while everything
 * open in it does. A branch that rests gives its place in a fan-out back, so that the next branch is opened.
 *
 * A sleep and a question rest from their start to their end. A runnable rests while it asks, which its host tells by a
 * completion of the kind `rest`. An operation that works again does so at once: a fan-out opens nothing until it has room.
 */
import type { Activation } from "./activation.ts";
import type { OpenNode } from "./node.ts";
import type { Sink } from "./transition.ts";

/** An operation rests from now on. Opens the branches that may take the places of the branches that thereby rest. */
export function rest(operation: Activation, sink: Sink): void {
  if (!sink.yields || operation.attached?.rests === true) return;
  operation.attach().rests = true;
  restAbove(operation, sink);
}

/** Something rests: tells the innermost fan-out around it. What has one activation inside rests with that. */
export function restAbove({ parent }: Activation, sink: Sink): void {
  for (let at = parent; at !== undefined; at = at.parent) {
    const { places } = at.node as OpenNode;
    if (places === undefined) continue;
    places.rested(at, sink);
    return;
  }
}

/** An operation works again, or has ended. */
export function wake(operation: Activation): void {
  operation.attached!.rests = false;
  for (let at = operation.parent; at !== undefined; at = at.parent) {
    const { places } = at.node as OpenNode;
    if (places !== undefined && !places.woke(at)) return;
  }
}

/** Whether a branch may be opened when this operation rests. */
export function makesRoom({ parent }: Activation): boolean {
  for (let at = parent; at !== undefined; at = at.parent) {
    if ((at.node as OpenNode).places?.hasMore(at) === true) return true;
  }
  return false;
}
