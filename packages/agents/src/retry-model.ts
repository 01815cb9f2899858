/** Makes a failed call again, as long as nobody has seen output of it. */
import { type Clock, delayAfter, type Random, type RetryPolicy, systemClock, systemRandom } from "@orch/core";
import { abortedFailure } from "./failure.ts";
import type { FinishEvent, Model, ModelEvent, ModelFailure, ModelRequest } from "./model.ts";

/** A call is about to be made again. */
export interface ModelRetry {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** The wait before the next one, in milliseconds. */
  readonly delay: number;
  readonly failure: ModelFailure;
}

/** How `withRetry` behaves; the waits are those of core's `RetryPolicy`. */
export interface ModelRetryOptions extends Omit<RetryPolicy, "when"> {
  /** Attempts in all, the first included. Default 3. */
  readonly attempts?: number;
  /** The longest wait a provider may ask for, in milliseconds; above it the call fails at once. Default 60,000. */
  readonly longestRetryAfter?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly onRetry?: (retry: ModelRetry) => void;
}

/**
 * Wraps a model so that a failure which may pass is tried again: only when the failure says it is
 * retryable, and only before the first text, reasoning, tool input or part. A provider's
 * `Retry-After` is obeyed.
 */
export function withRetry(model: Model, options: ModelRetryOptions = {}): Model {
  return { id: model.id, caps: model.caps, stream: (request) => retried(model, request, options) };
}

async function* retried(
  model: Model,
  request: ModelRequest,
  options: ModelRetryOptions,
): AsyncGenerator<ModelEvent> {
  const { clock = systemClock, random = systemRandom, longestRetryAfter = 60_000, onRetry } = options;
  const policy: RetryPolicy = { attempts: 3, ...options };
  for (let attempt = 1; ; attempt++) {
    let held: ModelEvent[] = [];
    let shown = false;
    let last: FinishEvent | undefined;
    for await (const event of model.stream(request)) {
      if (event.type === "finish") {
        last = event;
        break;
      }
      // The start of a call that fails is never told, so that readers see one start.
      if (!shown && (event.type === "start" || event.type === "ping")) held.push(event);
      else {
        shown = true;
        yield* held;
        held = [];
        yield event;
      }
    }
    if (last === undefined) return;
    const failure = last.message.finish.error;
    const wait = failure && !shown && failure.retryable ? failure.retryAfterMs : undefined;
    const delay =
      shown || !failure?.retryable
        ? undefined
        : delayAfter(attempt, policy, { retryAfter: failure.retryAfterMs }, random);
    if (delay === undefined || failure === undefined || (wait ?? 0) > longestRetryAfter) {
      yield* held;
      yield (wait ?? 0) > longestRetryAfter ? tooLong(last, wait ?? 0, longestRetryAfter) : last;
      return;
    }
    onRetry?.({ attempt, delay, failure });
    if (!(await waited(clock, delay, request.signal))) {
      yield* held;
      yield ended(last, "aborted", abortedFailure(model.id.provider));
      return;
    }
  }
}

function tooLong(last: FinishEvent, wait: number, limit: number): FinishEvent {
  const failure = last.message.finish.error!;
  const said = /[.!?]$/.test(failure.message) ? failure.message : `${failure.message}.`;
  const message = `${said} It asks to wait ${wait / 1000} s, longer than the limit of ${limit / 1000} s, so the call was not made again.`;
  return ended(last, last.message.finish.reason, { ...failure, message });
}

function ended(
  last: FinishEvent,
  reason: FinishEvent["message"]["finish"]["reason"],
  error: ModelFailure,
): FinishEvent {
  return { ...last, message: { ...last.message, finish: { ...last.message.finish, reason, error } } };
}

/** Waits on the clock; false when the signal ended the wait. */
function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const onAbort = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve(true);
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
