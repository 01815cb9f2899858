/**
 * The transition: what a completion does to the run. No I/O, no clock, no chance; the same
 * completions in the same order always give the same operations, which is what lets a host replay
 * a run from its journal.
 */
import type { Activation, Ended } from "./activation.ts";
import { CancelledError } from "./errors/cancelled-error.ts";
import { RunnableError } from "./errors/runnable-error.ts";
import { continueFan, openFan } from "./fan.ts";
import { continueMachine, openMachine } from "./machine.ts";
import type { Recorder } from "./recorder.ts";

/** Where the transition puts what is to be done. */
export interface Sink {
  /** Execute this runnable. */
  readonly exec: (operation: Activation) => void;
  /** Wake this activation after `ms`. */
  readonly timer: (activation: Activation, ms: number) => void;
  /** Whatever this operation still gives is not wanted. */
  readonly drop: (operation: Activation) => void;
  /** Hears the events; absent when nobody listens. */
  readonly recorder: Recorder | undefined;
  /** How long aborted work may take to settle, in milliseconds. */
  readonly grace: number;
}

/** Something that happened outside, as a host delivers it. */
export type Completion =
  | { readonly kind: "completed"; readonly operation: Activation; readonly value: unknown }
  | { readonly kind: "failed"; readonly operation: Activation; readonly error: unknown }
  | { readonly kind: "timer"; readonly activation: Activation }
  | { readonly kind: "cancel"; readonly reason: string };

/** The whole state of a run. */
export interface RunState {
  readonly root: Activation;
  ended: Ended | undefined;
}

/** Opens the run's first operations. */
export function begin(run: RunState, sink: Sink): void {
  const ended = enter(run.root, sink);
  if (ended !== undefined) run.ended = ended;
}

/** Takes one completion, and opens what follows from it. */
export function take(run: RunState, completion: Completion, sink: Sink): void {
  switch (completion.kind) {
    case "completed":
      settle(run, completion.operation, { kind: "completed", value: completion.value }, sink);
      break;
    case "failed":
      settle(run, completion.operation, { kind: "failed", error: failureOf(completion) }, sink);
      break;
    case "timer":
      giveUp(run, completion.activation, sink);
      break;
    case "cancel":
      run.root.abort(new CancelledError(completion.reason));
      sink.timer(run.root, sink.grace);
  }
}

/** Starts an activation. Gives its end if it ended at once, as a fan-out over nothing does. */
export function enter(activation: Activation, sink: Sink): Ended | undefined {
  sink.recorder?.started(activation);
  const { node } = activation;
  if (node === undefined) {
    sink.exec(activation);
    return undefined;
  }
  return node.kind === "orchestration"
    ? openMachine(activation, node.definition, sink)
    : openFan(activation, node, sink);
}

/** Marks an activation as ended. */
export function leave(activation: Activation, ended: Ended, sink: Sink): void {
  activation.over = true;
  activation.release();
  sink.recorder?.ended(activation, ended);
}

/** Ends an operation. One that was aborted ends as cancelled, also if it succeeded all the same. */
function settle(run: RunState, operation: Activation, outcome: Ended, sink: Sink): void {
  if (operation.over) return;
  const { reason } = operation;
  end(run, operation, reason === undefined ? outcome : { kind: "cancelled", error: reason }, sink);
}

/** Ends an activation, and every activation around it that thereby ends too. */
function end(run: RunState, first: Activation, how: Ended, sink: Sink): void {
  let activation = first;
  let ended = how;
  for (;;) {
    leave(activation, ended, sink);
    const { parent } = activation;
    if (parent === undefined) {
      run.ended = ended;
      return;
    }
    const next =
      parent.frame?.kind === "machine"
        ? continueMachine(parent, activation, ended, sink)
        : continueFan(parent, activation, ended, sink);
    if (next === undefined) return;
    activation = parent;
    ended = next;
  }
}

function failureOf({ operation, error }: Extract<Completion, { kind: "failed" }>): Error {
  const { runnable, path, visit, attempt, input } = operation;
  return new RunnableError({ runnable: runnable.id, path, visit, attempt, input }, error);
}

/** The grace time is over: what has not settled is dropped. */
function giveUp(run: RunState, activation: Activation, sink: Sink): void {
  const { frame, reason } = activation;
  if (activation.over || reason === undefined) return;
  const cancelled: Ended = { kind: "cancelled", error: reason };
  dropWithin(activation, cancelled, sink);
  end(run, activation, frame?.kind === "fan" ? (frame.closing ?? cancelled) : cancelled, sink);
}

/** Drops everything that is still open inside an activation. */
function dropWithin(activation: Activation, ended: Ended, sink: Sink): void {
  const { frame } = activation;
  if (frame === undefined) {
    sink.drop(activation);
    return;
  }
  const children = frame.kind === "machine" ? [frame.child] : frame.children;
  for (const child of children) {
    if (child === undefined) continue;
    dropWithin(child, ended, sink);
    leave(child, ended, sink);
  }
}
