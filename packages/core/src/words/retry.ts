/**
 * Retry: how long to wait before the next attempt, or that there is none.
 *
 * Pure: no clock, no timers; `step.ts` does the waiting. A server's own wish (`retryAfter` on the
 * error) is a floor: we may wait longer, never less.
 */
import { fieldOf } from "../platform/field-of.ts";
import type { Random } from "../platform/random.ts";

/** What to do after a failed attempt. */
export interface RetryPolicy {
  /** Attempts in all, the first included. Default 1. */
  readonly attempts?: number;
  /** Wait before the second attempt, in milliseconds. Default 500. */
  readonly firstDelay?: number;
  /** Each further wait is this many times longer. Default 2. */
  readonly factor?: number;
  /** No wait is longer, in milliseconds, unless the error asks for more. Default 30,000. */
  readonly longestDelay?: number;
  /** Takes a random part of the upper half of each wait, so that many callers spread. Default true. */
  readonly jitter?: boolean;
  /** Whether this error is worth another attempt. Default: every error is, save `FatalError` and a cancellation. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Decides the wait after attempt number `failed` in milliseconds, or `undefined` when there is no other attempt.
 *
 * @example
 * ```ts
 * delayAfter(1, { attempts: 3, firstDelay: 500 }, new Error("busy"), Math.random); // 250..500
 * ```
 */
export function delayAfter(
  failed: number,
  policy: RetryPolicy | undefined,
  error: unknown,
  random: Random,
): number | undefined {
  if (policy === undefined || failed >= (policy.attempts ?? 1)) return undefined;
  // An error may declare itself final, as `FatalError` does.
  if (fieldOf(error, "retryable") === false || policy.when?.(error) === false) return undefined;
  const { firstDelay = 500, factor = 2, longestDelay = 30_000, jitter = true } = policy;
  const full = Math.min(firstDelay * factor ** (failed - 1), longestDelay);
  const wait = jitter ? full / 2 + random() * (full / 2) : full;
  const wish = fieldOf(error, "retryAfter");
  return typeof wish === "number" && wish > wait ? wish : wait;
}
