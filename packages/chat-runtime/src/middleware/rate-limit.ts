/** Middleware that lets no more than so many turns begin in a time. */
import { ABOVE, checkNumbers, TIME } from "@orch/core/doors";
import type { RuntimeMiddleware } from "../configurations/runtime-configuration.ts";
import { RateLimitedError } from "../errors/rate-limited-error.ts";
import { pause } from "./pause.ts";

/** How many turns, and what happens to one too many. */
export interface RateLimitOptions {
  /** How many turns may begin within any `interval`. */
  readonly turns: number;
  /** In milliseconds. Default 60,000. */
  readonly interval?: number;
  /** Whether a turn too many waits for its time or fails at once. Default `wait`. */
  readonly full?: "wait" | "refuse";
}

/**
 * Makes middleware that limits how often turns begin. Several runtimes that are given the same middleware share its limit.
 * A cancelled turn ends its wait and takes no place.
 *
 * With `refuse` a turn too many fails with RateLimitedError (`ORCH_RATE_LIMITED`).
 */
export function rateLimit(options: RateLimitOptions): RuntimeMiddleware {
  const { turns, interval = 60_000, full = "wait" } = options;
  checkNumbers(ABOVE, { turns });
  checkNumbers(TIME, { interval });
  let begun: number[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  return async (turn, context, next) => {
    const { clock, signal } = context;
    const enter = async (): Promise<void> => {
      for (;;) {
        const now = (clock.elapsed ?? clock.now)();
        begun = begun.filter((time) => now - time < interval);
        if (begun.length < turns) {
          begun.push(now);
          return;
        }
        const retryAfterMs = Math.max(1, Math.ceil(begun[0]! + interval - now));
        if (full === "refuse") throw new RateLimitedError({ turns, interval, retryAfterMs });
        await pause(clock, retryAfterMs, signal);
      }
    };
    // First come, first served: each waits behind those who came before.
    const before = queue;
    const entered = full === "refuse" ? enter() : Promise.race([before, aborted(signal)]).then(enter);
    queue = Promise.allSettled([before, entered]);
    await entered;
    return next(turn, context);
  };
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
