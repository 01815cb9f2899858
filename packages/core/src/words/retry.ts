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
  if (isFinal(error) || policy.when?.(error) === false) return undefined;
  const { firstDelay = 500, factor = 2, longestDelay = 30_000, jitter = true } = policy;
  const full = Math.min(firstDelay * factor ** (failed - 1), longestDelay);
  const wait = jitter ? full / 2 + random() * (full / 2) : full;
  return Math.max(wait, wishOf(error) ?? 0);
}

/** How far a chain of causes is read. */
const DEEPEST = 20;

/**
 * Whether an error says that no further attempt can help, as `FatalError` does: by `retryable: false` of its own, or
 * of what led to it. The outermost error in the chain of causes that says something decides, so whoever wraps an
 * error may know better. What several errors led to is final when each of them is.
 */
export function isFinal(thrown: unknown): boolean {
  return isFinalWithin(thrown, DEEPEST);
}

function isFinalWithin(thrown: unknown, deepest: number): boolean {
  if (deepest === 0) return false;
  const said = fieldOf(thrown, "retryable");
  if (typeof said === "boolean") return !said;
  const cause = fieldOf(thrown, "cause");
  if (cause !== undefined) return isFinalWithin(cause, deepest - 1);
  const errors = fieldOf(thrown, "errors");
  return (
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((error: unknown) => isFinalWithin(error, deepest - 1))
  );
}

/** How long an error asks to wait before another attempt, in milliseconds: the wish of the outermost error that has one, and the longest of what several errors ask for. */
export function wishOf(thrown: unknown): number | undefined {
  return wishWithin(thrown, DEEPEST);
}

function wishWithin(thrown: unknown, deepest: number): number | undefined {
  if (deepest === 0) return undefined;
  const said = fieldOf(thrown, "retryAfter");
  if (typeof said === "number" && Number.isFinite(said)) return said;
  const cause = fieldOf(thrown, "cause");
  if (cause !== undefined) return wishWithin(cause, deepest - 1);
  const errors = fieldOf(thrown, "errors");
  if (!Array.isArray(errors)) return undefined;
  const wishes = errors.flatMap((error: unknown) => wishWithin(error, deepest - 1) ?? []);
  return wishes.length === 0 ? undefined : Math.max(...wishes);
}

/** What an error says about another attempt, itself or by what led to it, as fields of an error around it. */
export function retryWordsOf(thrown: unknown): { readonly retryable?: false; readonly retryAfter?: number } {
  const wish = wishOf(thrown);
  return {
    ...(isFinal(thrown) ? { retryable: false } : {}),
    ...(wish === undefined ? {} : { retryAfter: wish }),
  };
}
