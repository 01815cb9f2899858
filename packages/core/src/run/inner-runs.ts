/** Runs that states begin in this process: who waits for whom. */
import type { Activation } from "../kernel/activation.ts";
import { ownerOf } from "../platform/cancel.ts";
import type { QueuedState } from "./gate-place.ts";
import type { RunStage } from "./host.ts";

/** A run that a state began and waits for. */
export interface InnerRun {
  readonly id: string;
  readonly stage: () => RunStage;
  /** What its queued operations wait for. */
  readonly queued: () => readonly QueuedState[];
  /** Whether a time may end what is open in it. */
  readonly hasTimers: boolean;
  /** The operations that are open in it. */
  readonly leaves: () => readonly Activation[];
}

const awaited = new WeakMap<Activation, Set<InnerRun>>();

/** The operation inside a gate whose code is being called at this moment. */
let calling: Activation | undefined;

/** Calls the code of an operation. A run that begins before that returns is begun by the operation. */
export function calledBy<TResult>(operation: Activation, call: () => TResult): TResult {
  const before = calling;
  calling = operation;
  try {
    return call();
  } finally {
    calling = before;
  }
}

/** The operation that begins a run: the one whose signal it is given, or the one whose code is being called. */
export function starterOf(signal: AbortSignal | undefined): Activation | undefined {
  return (signal === undefined ? undefined : (ownerOf(signal) as Activation | undefined)) ?? calling;
}

/** The runs that an operation waits for. */
export function innerRunsOf(operation: Activation): ReadonlySet<InnerRun> | undefined {
  return awaited.get(operation);
}

/** What the runs wait for at gates that an operation waits for; `undefined` when they do not only wait there. */
export function queuedInside(operation: Activation): QueuedState | undefined {
  const runs = [...(awaited.get(operation) ?? [])];
  return runs.every((run) => run.stage() === "queued") ? runs.flatMap((run) => run.queued())[0] : undefined;
}

/** An operation waits for a run from now on. */
export function awaitInner(operation: Activation, run: InnerRun): void {
  const runs = awaited.get(operation);
  if (runs === undefined) awaited.set(operation, new Set([run]));
  else runs.add(run);
}

/** A run has ended. */
export function forgetInner(operation: Activation, run: InnerRun): void {
  const runs = awaited.get(operation);
  if (runs?.delete(run) === true && runs.size === 0) awaited.delete(operation);
}
