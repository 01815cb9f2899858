import { messageOf } from "../errors/message-of.ts";
import type { CancelTimer, Clock } from "../platform/clock.ts";
import { fieldOf } from "../platform/field-of.ts";
import type { Awaitable } from "./journal-store.ts";

/** How long a call may hold the thread for a lock, in milliseconds: some transactions of another process. */
export const HOLD = 10;
/** The wait before the second try, in milliseconds; each further one is twice as long. */
const FIRST = 10;
/** No wait is longer, in milliseconds. */
const LONGEST = 1_000;
/** How long a call of the host waits for a store that is locked or full, in milliseconds. A run waits for as long as it lasts. */
const CALL = 5_000;

/** Whether an error of a store says that it passes by itself: the place is locked, or has no room. */
export function passes(error: unknown): boolean {
  const pauses = fieldOf(error, "pauses");
  return pauses === "locked" || pauses === "full";
}

/** A wait for the next try. */
interface Wait {
  readonly end: () => void;
  readonly fail: () => void;
}

/**
 * Tries again what a store cannot do now, because its place is locked or full. It waits for the clock and holds no
 * thread. Whoever writes waits for one write before making the next, so the order stays.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #told: () => void;
  readonly #waits = new Set<Wait>();
  /** How many writes wait. */
  #writes = 0;
  #reason: string | undefined;
  /** Those who want to hear of the next write that cannot be made. */
  readonly #asked = new Set<(error: unknown) => void>();
  #isOver = false;

  /** `told` is called after each write that could not be made. */
  constructor(clock: Clock, told: () => void) {
    this.#clock = clock;
    this.#told = told;
  }

  /** Why no write can be made now; `undefined` when writes can be made. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /**
   * Goes on with a write that failed with `error`, until it is made. `act` is given how long it waited, in milliseconds.
   * Throws an error that does not pass.
   */
  write<TValue>(error: unknown, act: (waited: number) => Awaitable<TValue>): Promise<TValue> {
    if (!passes(error)) throw error;
    return this.#write(error, act);
  }

  /** Makes a call, and again while the store is locked or full, for 5 seconds. */
  call<TValue>(act: () => Awaitable<TValue>): Awaitable<TValue> {
    try {
      const made = act();
      return made instanceof Promise ? made.catch((error: unknown) => this.#call(error, act)) : made;
    } catch (error) {
      return this.#call(error, act);
    }
  }

  /** Waits for `work`, but rejects when a write cannot be made. A write that waits already is tried at once. */
  async unlessPaused(work: Promise<void>): Promise<void> {
    const { promise: paused, reject } = Promise.withResolvers<never>();
    this.#asked.add(reject);
    for (const { end } of [...this.#waits]) end();
    try {
      await Promise.race([work, paused]);
    } finally {
      this.#asked.delete(reject);
    }
  }

  /** Waits for nothing any more: what waits fails with what the store said last. */
  end(): void {
    this.#isOver = true;
    for (const { fail } of [...this.#waits]) fail();
  }

  async #write<TValue>(first: unknown, act: (waited: number) => Awaitable<TValue>): Promise<TValue> {
    const began = this.#clock.now();
    this.#writes += 1;
    try {
      let error = first;
      for (let delay = FIRST; ; delay = Math.min(2 * delay, LONGEST)) {
        this.#cannot(error);
        await this.#wait(delay, error);
        try {
          return await act(Math.max(0, this.#clock.now() - began));
        } catch (again) {
          if (!passes(again)) throw again;
          error = again;
        }
      }
    } finally {
      this.#writes -= 1;
      if (this.#writes === 0) this.#reason = undefined;
    }
  }

  /** Tells that a write cannot be made: later, because the one who writes does not wait for it yet. */
  #cannot(error: unknown): void {
    this.#reason = messageOf(error).split("\n")[0]!;
    const asked = [...this.#asked];
    void Promise.resolve().then(() => {
      this.#told();
      for (const reject of asked) reject(error);
    });
  }

  #call<TValue>(error: unknown, act: () => Awaitable<TValue>): Promise<TValue> {
    if (!passes(error)) throw error;
    return this.#callAgain(error, act);
  }

  async #callAgain<TValue>(first: unknown, act: () => Awaitable<TValue>): Promise<TValue> {
    const until = this.#clock.now() + CALL;
    let error = first;
    for (let delay = FIRST; ; delay = Math.min(2 * delay, LONGEST)) {
      if (this.#clock.now() + delay > until) throw error;
      await this.#wait(delay, error);
      try {
        return await act();
      } catch (again) {
        if (!passes(again)) throw again;
        error = again;
      }
    }
  }

  #wait(ms: number, error: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(error);
        return;
      }
      const over = (then: () => void): (() => void) => {
        return () => {
          cancel();
          this.#waits.delete(wait);
          then();
        };
      };
      const wait: Wait = { end: over(resolve), fail: over(() => reject(error)) };
      const cancel: CancelTimer = this.#clock.after(ms, wait.end);
      this.#waits.add(wait);
    });
  }
}
