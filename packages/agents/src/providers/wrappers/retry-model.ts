/** Makes a failed call again, as long as the caller has seen no output of it. */
import type { Clock, Random, RetryPolicy } from "@orch/core";
import { COUNT, checkNumbers, delayAfter, LIMIT, systemClock, systemRandom } from "@orch/core/doors";
import { abortedFailure } from "../../model/aborted-failure.ts";
import { withSpent } from "../../model/spent-before.ts";
import type { FinishEvent, Model, ModelEvent, ModelFailure, ModelRequest, Usage } from "../../words/model.ts";
import { attempt, endedBy, saying } from "./attempt.ts";
import { waited } from "./wait.ts";

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
 * retryable, and only before the first text, reasoning, tool input or part. What a provider asks for
 * by `Retry-After` is the least wait; up to a quarter is added to it, so that many callers spread.
 * The failure of the last attempt says how many were made, and its usage has what the others used, as far as they told.
 */
export function withRetry(model: Model, options: ModelRetryOptions = {}): Model {
  const { attempts, longestRetryAfter } = options;
  checkNumbers(COUNT, { attempts });
  checkNumbers(LIMIT, { longestRetryAfter });
  return { id: model.id, caps: model.caps, stream: (request) => retried(model, request, options) };
}

async function* retried(
  model: Model,
  request: ModelRequest,
  options: ModelRetryOptions,
): AsyncGenerator<ModelEvent> {
  const { clock = systemClock, onRetry } = options;
  let spent: Usage | undefined;
  for (let made = 1; ; made++) {
    const { last: said, shown, held } = yield* attempt(model, request);
    if (said === undefined) return;
    const last = withSpent(said, spent);
    spent = last.usage;
    const failure = last.message.finish.error;
    const delay = shown || failure === undefined ? undefined : delayBefore(made, failure, options);
    if (failure === undefined || delay === undefined) {
      yield* held;
      yield shown || failure === undefined ? last : explained(last, failure, made, options);
      return;
    }
    tell(new Set([request.onRetry, onRetry]), { attempt: made, delay, failure });
    if (!(await waited(clock, delay, request.signal))) {
      yield* held;
      yield endedBy(last, "aborted", abortedFailure(model.id.provider));
      return;
    }
  }
}

/** The longest random addition to a requested wait, as a fraction of it. */
const SPREAD = 0.25;

/** The wait after attempt `made` in milliseconds, or nothing when the call is not made again. */
export function delayBefore(
  made: number,
  failure: ModelFailure,
  options: ModelRetryOptions,
): number | undefined {
  const { random = systemRandom, jitter = true } = options;
  if (!failure.retryable || asksTooMuch(failure, options)) return undefined;
  const wait = delayAfter(made, { attempts: 3, ...options }, undefined, random);
  if (wait === undefined) return undefined;
  const wish = wishOf(failure);
  return Math.max(wait, wish + (jitter ? random() * SPREAD * wish : 0));
}

/** The wait that the provider asks for. An invalid number counts as 0. */
function wishOf({ retryAfterMs = 0 }: ModelFailure): number {
  return retryAfterMs > 0 ? retryAfterMs : 0;
}

function asksTooMuch(failure: ModelFailure, { longestRetryAfter = 60_000 }: ModelRetryOptions): boolean {
  return failure.retryable && wishOf(failure) > longestRetryAfter;
}

/** Says why the call was not made again, where that is not plain from the failure itself. */
function explained(
  last: FinishEvent,
  failure: ModelFailure,
  made: number,
  options: ModelRetryOptions,
): FinishEvent {
  const { longestRetryAfter = 60_000 } = options;
  let error = failure;
  if (made > 1) error = saying(error, `It was tried ${made} times.`);
  if (asksTooMuch(failure, options)) {
    const asked = `It asks to wait ${wishOf(failure) / 1000} s, longer than the limit of ${longestRetryAfter / 1000} s, so the call was not made again.`;
    error = saying(error, asked);
  }
  return error === failure ? last : endedBy(last, last.message.finish.reason, error);
}

/** A listener that throws harms nothing. A listener that both the request and the wrapper have is called once. */
function tell(listeners: ReadonlySet<((retry: ModelRetry) => void) | undefined>, retry: ModelRetry): void {
  for (const listener of listeners) {
    try {
      listener?.(retry);
    } catch {
      // An error of the listener does not fail the call.
    }
  }
}
