import { TIME } from "../errors/number-range.ts";
import type { Activation } from "../kernel/activation.ts";
import { mailboxOf, type WaitOutcome } from "../kernel/mailbox.ts";
import type { Waits } from "../kernel/waits.ts";
import { given } from "../platform/given.ts";
import type { Runnable } from "../words/runnable.ts";
import type { ConditionContext } from "../words/shared-state.ts";
import type { AnySignalKind, SignalKind } from "../words/signal.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { numberProblems } from "./definition-problems.ts";
import { restOfSleep } from "./sleep.ts";
import { waiting } from "./waiting.ts";

/** A signal came, and this state took it. */
export interface SignalTaken<TValue> {
  readonly by: "signal";
  /** The output of the schema of its kind. */
  readonly value: TValue;
}

/** The condition held. */
export interface ConditionMet {
  readonly by: "condition";
}

/** Nothing came in time. */
export interface TimedOut {
  readonly by: "timeout";
}

/** What a wait for a condition waits for. */
export interface ConditionWait<TInput> extends CompositeOptions {
  /**
   * A pure function that says whether it goes on. It is asked when the state begins and when shared state has changed, and
   * may be asked of any committed values.
   */
  readonly when: (input: TInput, ctx: ConditionContext) => boolean;
}

/** What a wait for a signal waits for. */
export interface SignalWait<TInput, TValue> extends CompositeOptions {
  /** The kind of signal. The first state that waits for a kind takes the oldest signal of it. */
  readonly signal: SignalKind<TValue, unknown>;
  /** With it a signal is taken only while this holds: it is asked when a signal is there, and when shared state has changed. */
  readonly when?: ((input: TInput, ctx: ConditionContext) => boolean) | undefined;
}

/**
 * Waits for a signal, for a condition over shared state, or for both at once; its output says which came, or that none did in
 * time: after `timeout` milliseconds it waits no more, and on a durable host the due time is kept. Nothing is polled, and who waits has no place: a run in which everything waits is `waiting`.
 *
 * @example
 * ```ts
 * const payment = until("payment", { signal: paid, timeout: 3_600_000 });
 * const quorum = until("quorum", { when: (ballot: Ballot, ctx) => ctx.state(votes).get("yes") >= ballot.needed });
 * ```
 */
export function until<TInput = unknown, TValue = unknown>(
  id: string,
  options: SignalWait<TInput, TValue> & { readonly timeout?: undefined },
): Runnable<NoInfer<TInput>, SignalTaken<TValue>>;
export function until<TInput = unknown, TValue = unknown>(
  id: string,
  options: SignalWait<TInput, TValue> & { readonly timeout?: number | undefined },
): Runnable<NoInfer<TInput>, SignalTaken<TValue> | TimedOut>;
export function until<TInput = unknown>(
  id: string,
  options: ConditionWait<TInput> & { readonly timeout?: undefined },
): Runnable<NoInfer<TInput>, ConditionMet>;
export function until<TInput = unknown>(
  id: string,
  options: ConditionWait<TInput> & { readonly timeout?: number | undefined },
): Runnable<NoInfer<TInput>, ConditionMet | TimedOut>;
export function until(
  id: string,
  options: Partial<SignalWait<never, unknown>> & { readonly timeout?: number | undefined },
): Runnable<never, WaitOutcome> {
  const { signal, timeout } = options;
  const when = options.when as ((input: unknown, ctx: ConditionContext) => boolean) | undefined;
  return composite(id, options, {
    kind: "until",
    wait: waiting((operation, waits) => holdOn(operation, timeout, waits)),
    awaits: {
      signal: signal as AnySignalKind | undefined,
      when,
      timeout,
      enter: (operation, sink) => mailboxOf(operation).enter(operation, sink),
    },
    inside: () =>
      given({ signal: signal?.name, condition: when === undefined ? undefined : true, timeout } as const),
    problems: function* () {
      if (signal === undefined && when === undefined) {
        yield `"${id}" waits for nothing: give it a signal, or a condition as when.`;
      }
      yield* numberProblems(` of "${id}"`, TIME, { timeout });
    },
  });
}

/** Waits until what the run takes ends it, or its time is over. */
function holdOn(operation: Activation, timeout: number | undefined, waits: Waits): void {
  waits.awaits(mailboxOf(operation));
  if (timeout === undefined) return;
  const rest = restOfSleep(operation, () => timeout, waits);
  const value: WaitOutcome = { by: "timeout" };
  waits.alarm(operation, rest, () => waits.deliver({ kind: "completed", operation, value }));
}
