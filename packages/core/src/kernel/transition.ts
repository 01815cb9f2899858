/**
 * The transition: what one completion does to a run. A run is a tree of activations. A leaf of it is an
 * operation, which a host executes; an activation with a frame is a composite, whose node drives it.
 *
 * Invariants:
 *
 * 1. Only `begin` and `take` change a run. Both return when all that follows at once has been done; nothing waits.
 * 2. The same completions in the same order, with the same decisions, call the sink in the same way in the same
 *    order. The transition has no I/O, no clock and no chance, so a host can rebuild a run from its journal.
 * 3. An activation is entered once, and in a run that ends it is left once. `enter` records its start, and `leave`
 *    records its end.
 * 4. A result, a timer or a stop for an activation that is over changes nothing.
 * 5. An activation is left before anything that follows from its end is entered, and a composite is left after
 *    everything inside it, but for what a fan-out leaves in the background of its machine: that is left before the machine.
 * 6. What an operation wrote to shared state counts if it completed, and from before anything follows from it.
 * 7. An operation that was aborted ends as cancelled, even if it succeeded.
 * 8. A composite that stops what is inside it decides its own end first and once, as `closing`. It ends in that
 *    way when everything inside it has settled, or when the grace time is over. What is still open then is dropped,
 *    innermost first.
 * 9. An error that a callback of the user throws is a failed end. `take` throws only if a recalled decision does
 *    not fit the definition, or if the sink throws.
 * 10. A recalled decision is followed without asking the user's callbacks. Only the factories of `choose` and
 *    of states that are made on the way are called again, because a runnable cannot be kept in a journal; each has to give
 *    the same again.
 * 11. A signal is taken by the first operation that waits for it, with the completion that brought it or let it wait.
 *     A condition over shared state is asked when what it may read has changed.
 * 12. A fan-out opens no branch while as many branches work as it has places. A branch that rests (`resting.ts`) does
 *     not work.
 */

import { CancelledError } from "../errors/cancelled-error.ts";
import type { Activation, Ended } from "./activation.ts";
import type { Decisions } from "./decisions.ts";
import { failureOf } from "./failure-of.ts";
import type { FanNode } from "./fan-frame.ts";
import type { AddedItem } from "./growing.ts";
import { childrenOf } from "./leaves.ts";
import type { MachineNode } from "./machine-frame.ts";
import type { SentSignal } from "./mailbox.ts";
import type { OpenNode, WaitNode } from "./node.ts";
import type { Recorder } from "./recorder.ts";
import { rest, wake } from "./resting.ts";
import type { StateValues } from "./state-values.ts";

/** Why an activation is woken: its work had its time to settle, or a machine its time to finish. */
export type TimerPurpose = "grace" | "deadline";

/** Where the transition puts what is to be done. */
export interface Sink {
  /** Execute this runnable, keep this wait, or put this question. */
  readonly exec: (operation: Activation) => void;
  /** Wake this activation after `ms`. */
  readonly timer: (activation: Activation, ms: number, purpose: TimerPurpose) => void;
  /** A fan-out was halted: nothing in it begins from now on, and it is to be stopped when nothing goes on in it. */
  readonly halted: (fan: Activation) => void;
  /** Whatever this operation still gives is not wanted. */
  readonly drop: (operation: Activation) => void;
  /** Whether a branch that waits gives its place back; see {@link RunState.yields}. */
  yields: boolean;
  /** Hears the events; absent when no listener does. */
  readonly recorder: Recorder | undefined;
  /** How long aborted work may take to settle, in milliseconds. */
  readonly grace: number;
  /** Notes or recalls decisions; absent where no journal is kept. */
  readonly decisions?: Decisions | undefined;
  /** Called before an activation starts, which it may change; absent unless a run is made again from its journal. */
  readonly entering?: ((activation: Activation) => void) | undefined;
  /** Called with each wait that what happened in its run ends; absent unless a run is made again from its journal. */
  readonly met?: ((operation: Activation) => void) | undefined;
  /** Called with each failure where it arises; absent unless the host looks for its place. */
  readonly failed?: ((error: Error) => void) | undefined;
}

/** Something that happened outside, as a host delivers it. */
export type Completion =
  | { readonly kind: "completed"; readonly operation: Activation; readonly value: unknown }
  | { readonly kind: "failed"; readonly operation: Activation; readonly error: unknown }
  | { readonly kind: "timer"; readonly activation: Activation; readonly purpose: TimerPurpose }
  /** A composite has to end with this error, because it went over a budget or was halted. */
  | { readonly kind: "stop"; readonly activation: Activation; readonly error: Error }
  /** A runnable waits for answers, or has them and works again. */
  | { readonly kind: "rest"; readonly operation: Activation; readonly rests: boolean }
  /** A state adds an item to a fan-out around it. */
  | ({ readonly kind: "add"; readonly operation: Activation } & AddedItem)
  | SignalCompletion
  | { readonly kind: "cancel"; readonly reason: string };

/** A signal came. `receive` puts it into the mailbox: with it comes the code for signals, which most programs need none of. */
export interface SignalCompletion {
  readonly kind: "signal";
  readonly signal: SentSignal;
  readonly receive: (run: RunState, completion: SignalCompletion, sink: Sink) => void;
  /** Told when the run has taken it. */
  readonly taken?: (() => void) | undefined;
}

/** The whole state of a run. */
export interface RunState {
  root: Activation;
  ended: Ended | undefined;
  /** The committed values of shared state; made when one is written. */
  values: StateValues | undefined;
  /** Whether branches that wait give their places back. False for a run that began before they did, so that its journal gives the same run. */
  yields: boolean;
}

/** Opens the run's first operations. */
export function begin(run: RunState, sink: Sink): void {
  const ended = enter(run.root, sink);
  if (ended === undefined) {
    run.root.attached?.mailbox?.settle(run, sink);
    return;
  }
  leave(run.root, ended, sink);
  run.ended = ended;
}

/** Takes one completion, and opens what follows from it. */
export function take(run: RunState, completion: Completion, sink: Sink): void {
  switch (completion.kind) {
    case "completed":
      settle(run, completion.operation, completion, sink);
      break;
    case "failed":
      settle(
        run,
        completion.operation,
        { kind: "failed", error: failureOf(completion.operation, completion.error) },
        sink,
      );
      break;
    case "timer":
      if (completion.purpose === "grace") giveUp(run, completion.activation, sink);
      else stop(run, completion.activation, deadlineOf(completion.activation), sink);
      break;
    case "stop":
      stop(run, completion.activation, completion.error, sink);
      break;
    case "rest":
      if (completion.operation.over) break;
      if (completion.rests) rest(completion.operation, sink);
      else if (completion.operation.attached?.rests === true) wake(completion.operation);
      break;
    case "add":
      (completion.fan.node as FanNode).grows!.grow(run, completion, sink);
      break;
    case "signal":
      completion.receive(run, completion, sink);
      break;
    case "cancel":
      run.root.abort(new CancelledError(completion.reason));
      sink.timer(run.root, sink.grace, "grace");
  }
  run.root.attached?.mailbox?.settle(run, sink);
}

/** Starts an activation. Gives its end if it ended at once, as a fan-out over nothing does. */
export function enter(activation: Activation, sink: Sink): Ended | undefined {
  sink.entering?.(activation);
  sink.recorder?.started(activation);
  const { node } = activation;
  if (node?.open !== undefined) return node.open(activation, sink);
  sink.exec(activation);
  if (node === undefined) return undefined;
  (node as WaitNode).awaits?.enter(activation, sink);
  // It may be aborted by what is opened now, so its host has to know it before.
  if ((node as WaitNode).keepsPlace !== true) rest(activation, sink);
  return undefined;
}

/** Marks an activation as ended. */
export function leave(activation: Activation, ended: Ended, sink: Sink): void {
  activation.over = true;
  activation.release();
  if (activation.attached !== undefined) {
    activation.attached.stopped = ended.kind === "cancelled";
    activation.attached.leaving?.(activation, ended);
    if (activation.attached.rests) wake(activation);
    for (const cancel of activation.attached.alarms) cancel();
  }
  if (ended.kind === "failed") sink.failed?.(ended.error);
  sink.recorder?.ended(activation, ended);
}

/**
 * Decides how a composite will end, and stops what is still open in it; it ends when that has
 * settled or its grace time is over.
 */
export function close(activation: Activation, ended: Ended, reason: Error, sink: Sink): void {
  activation.frame!.closing = ended;
  if (ended.kind === "failed") sink.failed?.(ended.error);
  if (activation.reason === undefined) activation.abort(reason);
  sink.timer(activation, sink.grace, "grace");
}

/** Ends an operation. An aborted operation ends as cancelled, also when it succeeded. */
function settle(run: RunState, operation: Activation, outcome: Ended, sink: Sink): void {
  if (operation.over) return;
  const { reason } = operation;
  if (reason !== undefined) end(run, operation, { kind: "cancelled", error: reason }, sink);
  else {
    // A plain function has no node, which ends the test at once.
    const question = (operation.node as WaitNode | undefined)?.question;
    let ended = outcome;
    if (question !== undefined && outcome.kind === "completed") {
      const { value } = outcome;
      sink.recorder?.answered(operation, operation.path, value);
      if (question.output !== undefined)
        ended = { ...outcome, value: question.output(operation.input, value) };
    }
    end(run, operation, operation.attached === undefined ? ended : commitWrites(run, operation, ended), sink);
  }
}

/** What a completed runnable wrote counts from now on; two branches that write one value are a failure. */
function commitWrites(run: RunState, operation: Activation, outcome: Ended): Ended {
  if (outcome.kind !== "completed" || operation.attached?.commit === undefined) return outcome;
  const conflict = operation.attached.commit(run, operation);
  return conflict === undefined ? outcome : { kind: "failed", error: failureOf(operation, conflict) };
}

/** Ends an activation, and every activation around it that thereby ends too. */
export function end(run: RunState, first: Activation, how: Ended, sink: Sink): void {
  let activation = first;
  let ended = how;
  for (;;) {
    // A fan-out with branches in the background was left before them.
    if (!activation.over) leave(activation, ended, sink);
    const { parent } = activation;
    if (parent === undefined) {
      // A copy: the completion names its operation, which would keep the whole activation tree alive.
      run.ended = ended.kind === "completed" ? { kind: "completed", value: ended.value } : ended;
      return;
    }
    const next = (parent.node as OpenNode).proceed(parent, activation, ended, sink);
    if (next === undefined) return;
    activation = parent;
    ended = next;
  }
}

/** A machine went over its time or its budget, or nothing goes on any more in a halted fan-out. */
function stop(run: RunState, activation: Activation, error: Error, sink: Sink): void {
  const { frame, over, reason, node } = activation;
  if (over || frame === undefined) return;
  const isIdle = [...childrenOf(activation)].length === 0;
  // An activation that is being stopped already ends as was decided then, and by itself unless it is idle.
  if (reason !== undefined) {
    if (isIdle) end(run, activation, frame.closing ?? { kind: "cancelled", error: reason }, sink);
    return;
  }
  const ended = (node as OpenNode).stopped?.(activation, error) ?? { kind: "failed", error };
  if (isIdle) end(run, activation, ended, sink);
  else close(activation, ended, error, sink);
}

/** The error of a machine that had no time left. */
export function deadlineOf(activation: Activation): Error {
  const { path, runnable } = activation;
  const deadline = (activation.node as MachineNode).definition.deadline!;
  return runnable.errors.deadline({ orchestration: runnable.id, path, deadline });
}

/** Ends the grace time: drops the operations that have not settled. */
function giveUp(run: RunState, activation: Activation, sink: Sink): void {
  const { frame, reason } = activation;
  if (activation.over || reason === undefined) return;
  const cancelled: Ended = { kind: "cancelled", error: reason };
  dropWithin(activation, cancelled, sink);
  end(run, activation, frame?.closing ?? cancelled, sink);
}

/** Drops everything that is still open inside an activation. */
function dropWithin(activation: Activation, ended: Ended, sink: Sink): void {
  if (activation.frame === undefined) {
    sink.drop(activation);
    return;
  }
  for (const child of childrenOf(activation)) {
    dropWithin(child, ended, sink);
    leave(child, ended, sink);
  }
}
