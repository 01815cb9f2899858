/**
 * Who may start a call now: a queue in front of limits. First come, first served, so that no caller
 * starves; the first in the queue holds up those behind it, also when a smaller one would fit.
 */
import type { Clock } from "@orch/core";
import { ABOVE, COUNT, checkNumbers, systemClock, TIME } from "@orch/core/doors";
import { elapsedOn } from "../../platform/elapsed-on.ts";

/** The limits of a provider. An absent field is not limited. */
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
  /** Call it once, when the model call has ended; `tokens` is the number that was used, if it is known. */
  readonly leave: (tokens?: number) => void;
}

/** Admits calls within the limits and counts them. Several models of one account may share a limiter. */
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
  return new QueueLimiter(limits);
}

class QueueLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #concurrency: number;
  readonly #maxRequests: number;
  readonly #maxTokens: number;
  readonly #queue = new Set<Waiter>();
  /** The calls of the last interval, oldest first. */
  #entries: Entry[] = [];
  #running = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(limits: RateLimits) {
    const { concurrency, requests, tokens, interval } = limits;
    checkNumbers(COUNT, { concurrency, requests });
    checkNumbers(ABOVE, { tokens });
    checkNumbers(TIME, { interval });
    this.#clock = limits.clock ?? systemClock;
    this.#interval = limits.interval ?? 60_000;
    this.#concurrency = limits.concurrency ?? Number.POSITIVE_INFINITY;
    this.#maxRequests = limits.requests ?? Number.POSITIVE_INFINITY;
    this.#maxTokens = limits.tokens ?? Number.POSITIVE_INFINITY;
  }

  readonly waiting = (): number => this.#queue.size;

  readonly enter = (tokens: number, signal: AbortSignal): Promise<LimiterPass | undefined> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      const onAbort = (): void => {
        this.#queue.delete(waiter);
        resolve(undefined);
        this.#advance();
      };
      const waiter: Waiter = {
        tokens,
        admit: () => {
          signal.removeEventListener("abort", onAbort);
          resolve(this.#admit(tokens));
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#queue.add(waiter);
      this.#advance();
    });

  #advance(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    for (const waiter of this.#queue) {
      const start = this.#startOf(waiter.tokens);
      if (start === undefined) return;
      const wait = start - elapsedOn(this.#clock);
      if (wait > 0) {
        this.#cancelTimer = this.#clock.after(wait, () => this.#advance());
        return;
      }
      this.#queue.delete(waiter);
      waiter.admit();
    }
  }

  /** When the first in the queue may start; nothing when that depends on a call that runs. */
  #startOf(tokens: number): number | undefined {
    if (this.#running >= this.#concurrency) return undefined;
    const now = elapsedOn(this.#clock);
    this.#entries = this.#entries.filter(({ time }) => time + this.#interval > now);
    let requests = this.#entries.length;
    let used = this.#entries.reduce((sum, entry) => sum + entry.tokens, 0);
    let start = now;
    for (const entry of this.#entries) {
      // A call larger than the whole limit fits nowhere: it goes when nothing else counts.
      if (requests < this.#maxRequests && (used === 0 || used + tokens <= this.#maxTokens)) break;
      requests--;
      used -= entry.tokens;
      start = entry.time + this.#interval;
    }
    return start;
  }

  #admit(tokens: number): LimiterPass {
    const entry = { time: elapsedOn(this.#clock), tokens };
    this.#entries.push(entry);
    this.#running++;
    let inside = true;
    return {
      leave: (used) => {
        if (!inside) return;
        inside = false;
        this.#running--;
        if (used !== undefined) entry.tokens = used;
        this.#advance();
      },
    };
  }
}
