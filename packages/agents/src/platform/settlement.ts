/** Work that is waited for, but not longer than a second after it was aborted. */
import type { Clock } from "@orch/core";
import type { LinkedAbort } from "./linked-abort.ts";
import { Watcher } from "./watchers.ts";

/** The grace time after an abort, in milliseconds. */
const GRACE = 1_000;

/**
 * Work of which the first end counts. It is one object with what it waits for: a turn of an agent has two of them, and
 * an object for each part would cost as much as the rest of it.
 */
export abstract class Settlement<TValue, TEnd> extends Watcher {
  readonly #clock: Clock;
  #resolve: ((end: TEnd | Promise<TEnd>) => void) | undefined;
  #reject: ((problem: unknown) => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  /** Begins the work, which tells its end by `value` or `error`. It may begin at once, and does not throw. */
  abstract begin(): unknown;

  /** What its value leads to. */
  abstract onValue(value: TValue): TEnd | Promise<TEnd>;

  /** What its error leads to. */
  abstract onError(error: unknown): TEnd | Promise<TEnd>;

  /** The work was left behind; how it ends later is not told. */
  abstract onLeft(): TEnd | Promise<TEnd>;

  /** Begins, and resolves with what follows from its end, or from the fact that it has not ended a second after an abort. */
  wait(link: LinkedAbort): Promise<TEnd> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      link.watch(this);
      this.begin();
    });
  }

  /** It was aborted. */
  hear(): void {
    this.#cancelTimer = this.#clock.after(GRACE, () => this.#end("left", undefined));
  }

  value(value: TValue): void {
    this.#end("value", value);
  }

  error(error: unknown): void {
    this.#end("error", error);
  }

  #end(way: "value" | "error" | "left", given: unknown): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.leave();
    this.#cancelTimer?.();
    try {
      if (way === "value") resolve(this.onValue(given as TValue));
      else resolve(way === "error" ? this.onError(given) : this.onLeft());
    } catch (problem) {
      this.#reject?.(problem);
    }
  }
}
