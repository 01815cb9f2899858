/** How often callers may call: a bucket for each, which fills evenly. */
import type { Clock } from "@orch/core";

const MINUTE = 60_000;

/** Counts the requests of callers. */
export class RateGuard {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<number, { left: number; at: number }>();

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Counts a request; gives how many milliseconds it has to wait, 0 where it is let in. */
  waitOf(caller: number): number {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(caller) ?? { left: this.#perMinute, at: now };
    const filled = bucket.left + (Math.max(0, now - bucket.at) * this.#perMinute) / MINUTE;
    const left = Math.min(this.#perMinute, filled);
    const isIn = left >= 1;
    this.#buckets.set(caller, { left: isIn ? left - 1 : left, at: now });
    return isIn ? 0 : Math.ceil(((1 - left) * MINUTE) / this.#perMinute);
  }
}
