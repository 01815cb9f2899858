/**
 * Circles of waiting. An operation is blocked when it is queued at a gate whose places all have blocked operations, or
 * waits for a run in which everything is blocked. Whoever works, asks, sleeps, or has a time after which it ends is not
 * blocked, nor is anyone who waits for it.
 */
import { type CircleStep, DeadlockError } from "../errors/deadlock-error.ts";
import type { Activation } from "../kernel/activation.ts";
import { type GatePlace, placeOf } from "./gate-place.ts";
import { type InnerRun, innerRunsOf } from "./inner-runs.ts";

/** Ends the wait of a place in a queue with an error, if it is part of a circle or behind one. */
export function refuseCircle(place: GatePlace): void {
  if (!place.isQueued) return;
  const circle = circleFrom(place);
  if (circle !== undefined) place.refuse(new DeadlockError({ circle }));
}

/** Looks at all places that are queued in a run, and in the runs that its operations wait for. */
export function refuseCirclesIn(leaves: Iterable<Activation>): void {
  for (const leaf of leaves) {
    const place = placeOf(leaf);
    if (place !== undefined) refuseCircle(place);
    for (const run of innerRunsOf(leaf) ?? []) refuseCirclesIn(run.leaves());
  }
}

/** What a blocked operation waits for. */
interface Blocked {
  readonly step: CircleStep;
  readonly by: readonly Activation[];
}

/** The circle that begins or ends at a queued place; `undefined` when somebody in it can go on. */
function circleFrom(place: GatePlace): CircleStep[] | undefined {
  const runIds = new Map([[place.operation, place.runId]]);
  const blocked = new Map<Activation, Blocked>();
  const open = [place.operation];
  for (let operation = open.pop(); operation !== undefined; operation = open.pop()) {
    if (blocked.has(operation)) continue;
    const found = blockedBy(operation, runIds);
    if (found === undefined) return undefined;
    blocked.set(operation, found);
    open.push(...found.by);
  }
  return pathOf(place.operation, blocked);
}

/** What an operation waits for; `undefined` when it can go on, or a time ends its wait. */
function blockedBy(operation: Activation, runIds: Map<Activation, string>): Blocked | undefined {
  const { path, runnable, reason } = operation;
  const place = placeOf(operation);
  if (reason !== undefined || place?.hasTimers === true) return undefined;
  const runId = place?.runId ?? runIds.get(operation)!;
  if (place?.isQueued === true) {
    return { step: { runId, path, waitsFor: { runnable: runnable.id } }, by: place.holders };
  }
  const runs = [...(innerRunsOf(operation) ?? [])];
  const [first] = runs;
  if (first === undefined || runs.some(({ hasTimers }) => hasTimers)) return undefined;
  const by = runs.flatMap((run) => leavesWith(run, runIds));
  return by.length === 0 ? undefined : { step: { runId, path, waitsFor: { runId: first.id } }, by };
}

function leavesWith(run: InnerRun, runIds: Map<Activation, string>): readonly Activation[] {
  const leaves = run.leaves();
  for (const leaf of leaves) runIds.set(leaf, run.id);
  return leaves;
}

/** Follows what is waited for until it comes back to where it was. */
function pathOf(first: Activation, blocked: ReadonlyMap<Activation, Blocked>): CircleStep[] {
  const seen: Activation[] = [];
  let at = first;
  while (!seen.includes(at)) {
    seen.push(at);
    at = blocked.get(at)!.by[0]!;
  }
  return seen.slice(seen.indexOf(at)).map((one) => blocked.get(one)!.step);
}
