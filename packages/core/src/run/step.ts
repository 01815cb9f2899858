/**
 * One operation: the input checked, the runnable called, the output checked, and all of it again
 * as its retry policy says. Hosts call this; nothing here knows of machines or fan-outs.
 */

import type { Activation } from "../kernel/activation.ts";
import { forgetWrites } from "../kernel/attached.ts";
import type { Breaker } from "../kernel/circuit.ts";
import type { Recorder } from "../kernel/recorder.ts";
import type { StateValues } from "../kernel/state-values.ts";
import type { Completion } from "../kernel/transition.ts";
import { Scope } from "../platform/cancel.ts";
import { type Clock, restOf } from "../platform/clock.ts";
import { copyOf } from "../platform/copy-of.ts";
import type { Random } from "../platform/random.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { AskOptions, Spending } from "../words/context.ts";
import { checked } from "../words/schema.ts";
import { calledBy } from "./inner-runs.ts";
import type { OperationBudgets } from "./reservations.ts";
import { retryDelay } from "./retry-delay.ts";
import { type ContextScope, OwnContext } from "./step-context.ts";

/** What an operation needs from its host. */
export interface StepDoors {
  readonly runId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: Pick<Recorder, "output" | "retrying"> | undefined;
  readonly spend: (operation: Activation, spending: Spending) => void;
  readonly budgets: OperationBudgets;
  /** The circuit of the run; absent where the definition has none. */
  readonly circuit: Breaker | undefined;
  readonly ask: <TAnswer>(operation: Activation, question: AskOptions<TAnswer>) => Promise<TAnswer>;
  /** Acquires a place of the operation's runnable in this process; resolves to the function that releases it. */
  readonly enter: (operation: Activation, concurrency: number) => Promise<() => void>;
  /** Keeps a note, where runs are kept. Gives the value as it was kept, or a promise of it. */
  readonly keep: ((operation: Activation, name: string, value: unknown) => unknown) | undefined;
  readonly values: StateValues | undefined;
  /** Hands a completion to the run; absent where attempts are performed apart from it. */
  readonly deliver?: (completion: Completion) => void;
}

/** The time between a failed attempt and the next one. */
export interface Pause {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** In milliseconds. */
  readonly delay: number;
  /** When it ends, in milliseconds since the epoch. */
  readonly due: number;
  /** What the attempt threw; as JSON where it was read from a journal. */
  readonly error: unknown;
}

/** Executes an operation: gives its value or a promise of it, or throws what its last attempt threw. */
export function execute(operation: Activation, doors: StepDoors): unknown {
  const { runnable } = operation;
  if (!runnable.isPlain || doors.circuit !== undefined) return attempts(operation, doors);
  const input = runnable.lends ? copyOf(operation.input) : operation.input;
  const context = new OwnContext({ operation, scope: operation, attempt: 1, doors, isOver: false });
  return runnable.source.invoke(input as never, context);
}

async function attempts(operation: Activation, doors: StepDoors): Promise<unknown> {
  // Attempts that failed before a restart count.
  const kept = operation.attached?.notes.get("retrying")?.value as Pause | undefined;
  if (kept !== undefined) await pauseUntil(kept, operation, doors);
  for (let attempt = (kept?.attempt ?? 0) + 1; ; attempt++) {
    operation.attempt = attempt;
    // The shared-state writes of an earlier, failed attempt do not count.
    if (operation.attached !== undefined) forgetWrites(operation.attached);
    try {
      return await attemptOnce(operation, attempt, doors);
    } catch (error) {
      if (operation.reason !== undefined) throw error;
      const delay = retryDelay(operation, error, doors.random);
      if (delay === undefined) throw error;
      const pause: Pause = { attempt, delay, due: doors.clock.now() + delay, error };
      const keeping = doors.keep?.(operation, "retrying", pause);
      doors.recorder?.retrying(operation, attempt, delay, error);
      await keeping;
      await pauseUntil(pause, operation, doors);
    }
  }
}

/** Waits for the rest of a pause. */
function pauseUntil({ due, delay }: Pause, { signal }: Activation, { clock }: StepDoors): Promise<void> {
  const rest = restOf({ due, ms: delay }, clock.now());
  return unlessAborted(signal, (resume) => clock.after(rest, resume));
}

/** Makes one attempt: checks the input, acquires a place, calls the runnable and checks the output. */
export async function attemptOnce(
  operation: Activation,
  attempt: number,
  doors: StepDoors,
): Promise<unknown> {
  const { runnable, path } = operation;
  const facts = { runnable: runnable.id, path };
  const { concurrency } = runnable;
  const input = await checked(
    runnable.input,
    // Each attempt gets the input as it was, whatever an earlier attempt did to it.
    copyOf(operation.input),
    (issues) => runnable.errors.invalidInput({ ...facts, issues }),
  );
  const leave = concurrency === undefined ? undefined : await doors.enter(operation, concurrency);
  let output: unknown;
  let context: OwnContext | undefined;
  try {
    // The run may have been cancelled while the input was checked, or in the moment a wait ended.
    if (operation.reason !== undefined) throw operation.reason;
    const call = (): Promise<unknown> =>
      invokeInTime(operation, doors, (scope) => {
        context?.end();
        const own = new OwnContext({ operation, scope, attempt, doors, isOver: false });
        context = own;
        if (concurrency === undefined) return runnable.source.invoke(input as never, own);
        return calledBy(operation, () => runnable.source.invoke(input as never, own));
      });
    // What waits for the circuit keeps its place.
    output = await (doors.circuit === undefined ? call() : doors.circuit.guard(operation, call));
  } finally {
    context?.end();
    leave?.();
  }
  return checked(runnable.output, output, (issues) =>
    runnable.errors.invalidOutput({ ...facts, issues }, runnable.retry !== undefined),
  );
}

/** Calls the runnable; a runnable that ignores the end of its time fails all the same. */
async function invokeInTime(
  operation: Activation,
  { clock }: StepDoors,
  invoke: (scope: ContextScope) => unknown,
): Promise<unknown> {
  const { runnable, path } = operation;
  const { timeout, retry } = runnable;
  if (timeout === undefined) return invoke(operation);
  const scope = new Scope(operation.scope, undefined, operation);
  const cancelTimer = clock.after(timeout, () =>
    scope.abort(
      runnable.errors.timeout(
        { runnable: runnable.id, path, timeout },
        retry === undefined ? "could" : "has",
      ),
    ),
  );
  try {
    return await unlessAborted<unknown>(scope.signal, (resolve, reject) => {
      Promise.resolve(invoke(scope)).then(resolve, reject);
      return undefined;
    });
  } finally {
    cancelTimer();
    scope.release();
  }
}
