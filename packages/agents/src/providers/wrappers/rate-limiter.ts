/**
 * Who may start a call now: a queue in front of limits. First come, first served, so that nobody
 * starves; the first in the queue holds up those behind it, also when a smaller one would fit.
 */
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";

/** What a provider allows. What is left out is not limited. */
export interface RateLimits {
  /** Calls at the same time. */
  readonly concurrency?: number;
  /** Calls started within any `interval`. */
  readonly requests?: number;
  /** Tokens read and written within any `interval`. */
  readonly tokens?: number;
  /** In milliseconds. Default 60,000. */
  readonly interval?: number;
  readonly clock?: Clock;
}

/** A call that was let in. */
export interface LimiterPass {
  /** To be called once, when the call ended; `tokens` is what it really used, where that is known. */
  readonly leave: (tokens?: number) => void;
}

/** Counts what was let in, and lets in what fits. Several models of one account may share one. */
export interface RateLimiter {
  /** Waits for its turn. Nothing when the signal aborted before. */
  readonly enter: (tokens: number, signal: AbortSignal) => Promise<LimiterPass | undefined>;
  /** How many wait. */
  readonly waiting: () => number;
}

interface Entry {
  readonly time: number;
  tokens: number;
}

interface Waiter {
  readonly tokens: number;
  readonly admit: () => void;
}

/** Makes a limiter. Nothing is counted before the first call. */
export function rateLimiter(limits: RateLimits): RateLimiter {
  const { clock = systemClock, interval = 60_000 } = limits;
  const concurrency = limits.concurrency ?? Number.POSITIVE_INFINITY;
  const maxRequests = limits.requests ?? Number.POSITIVE_INFINITY;
  const maxTokens = limits.tokens ?? Number.POSITIVE_INFINITY;
  const queue = new Set<Waiter>();
  /** The calls of the last interval, oldest first. */
  let entries: Entry[] = [];
  let running = 0;
  let cancelTimer: (() => void) | undefined;

  /** When the first in the queue may start; nothing when that depends on a call that runs. */
  const startOf = (tokens: number): number | undefined => {
    if (running >= concurrency) return undefined;
    const now = clock.now();
    entries = entries.filter(({ time }) => time + interval > now);
    let requests = entries.length;
    let used = entries.reduce((sum, entry) => sum + entry.tokens, 0);
    let start = now;
    for (const entry of entries) {
      // A call larger than the whole limit fits nowhere: it goes when nothing else counts.
      if (requests < maxRequests && (used === 0 || used + tokens <= maxTokens)) break;
      requests--;
      used -= entry.tokens;
      start = entry.time + interval;
    }
    return start;
  };

  const advance = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    for (const waiter of queue) {
      const start = startOf(waiter.tokens);
      if (start === undefined) return;
      const wait = start - clock.now();
      if (wait > 0) {
        cancelTimer = clock.after(wait, advance);
        return;
      }
      queue.delete(waiter);
      waiter.admit();
    }
  };

  const admit = (tokens: number): LimiterPass => {
    const entry = { time: clock.now(), tokens };
    entries.push(entry);
    running++;
    let inside = true;
    return {
      leave: (used) => {
        if (!inside) return;
        inside = false;
        running--;
        if (used !== undefined) entry.tokens = used;
        advance();
      },
    };
  };

  const enter = (tokens: number, signal: AbortSignal): Promise<LimiterPass | undefined> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      const onAbort = (): void => {
        queue.delete(waiter);
        resolve(undefined);
        advance();
      };
      const waiter: Waiter = {
        tokens,
        admit: () => {
          signal.removeEventListener("abort", onAbort);
          resolve(admit(tokens));
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      queue.add(waiter);
      advance();
    });
  return { enter, waiting: () => queue.size };
}
