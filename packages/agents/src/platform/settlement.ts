/** Work that is waited for, but not longer than a second after it was aborted. */
import type { Clock } from "@orch/core";
import { Watcher } from "./watchers.ts";

/** The grace time after an abort, in milliseconds. */
const GRACE = 1_000;

/** What the ends of some work amount to. */
export interface Ends<TValue, TEnd> {
  readonly value: (value: TValue) => TEnd | Promise<TEnd>;
  readonly error: (error: unknown) => TEnd | Promise<TEnd>;
  /** The work was left behind; how it ends later is not told. */
  readonly left: () => TEnd | Promise<TEnd>;
}

/** Is told how work ended. */
export type WorkEnd<TValue> = Pick<Settlement<TValue, unknown>, "value" | "error">;

/** Work that tells how it ended. It may begin at once, and does not throw. */
export interface Work<TValue> {
  readonly begin: (end: WorkEnd<TValue>) => unknown;
}

/** The first end of some work counts. */
export class Settlement<TValue, TEnd> extends Watcher {
  readonly #clock: Clock;
  readonly #ends: Ends<TValue, TEnd>;
  readonly #resolve: (end: TEnd | Promise<TEnd>) => void;
  readonly #reject: (problem: unknown) => void;
  #cancelTimer: (() => void) | undefined;
  #isOver = false;

  constructor(
    clock: Clock,
    ends: Ends<TValue, TEnd>,
    resolve: (end: TEnd | Promise<TEnd>) => void,
    reject: (problem: unknown) => void,
  ) {
    super();
    this.#clock = clock;
    this.#ends = ends;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** The work was aborted. */
  hear(): void {
    this.#cancelTimer = this.#clock.after(GRACE, () => this.#end("left", undefined));
  }

  value(value: TValue): void {
    this.#end("value", value);
  }

  error(error: unknown): void {
    this.#end("error", error);
  }

  #end(way: keyof Ends<TValue, TEnd>, given: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.leave();
    this.#cancelTimer?.();
    try {
      this.#resolve(this.#ends[way](given as never));
    } catch (problem) {
      this.#reject(problem);
    }
  }
}
