/** An abort controller that follows another until it is disposed, and waits a limited time for the work that it aborted. */
import type { Clock } from "@orch/core";

/** The grace time after an abort, in milliseconds. */
const GRACE = 1_000;

/** What the ends of some work amount to. */
export interface Ends<TValue, TEnd> {
  readonly value: (value: TValue) => TEnd | Promise<TEnd>;
  readonly error: (error: unknown) => TEnd | Promise<TEnd>;
  /** The work was left behind; how it ends later is not told. */
  readonly left: () => TEnd | Promise<TEnd>;
}

/**
 * A signal of one's own, below another: it aborts with its parent, or by itself, and the parent never
 * notices. What follows it within the run stands in a list: a listener on a signal costs five times as
 * much, and every model call and tool call needs some.
 */
export class LinkedAbort {
  readonly #controller = new AbortController();
  #followers: (() => void)[] = [];
  readonly #parent: AbortSignal | LinkedAbort | undefined;
  readonly #onParent = (): void => {
    this.abort(this.#parent instanceof LinkedAbort ? this.#parent.signal.reason : this.#parent?.reason);
  };

  constructor(parent: AbortSignal | LinkedAbort | undefined) {
    this.#parent = parent;
    if (parent instanceof LinkedAbort) parent.#add(this.#onParent);
    else if (parent?.aborted) this.#onParent();
    else parent?.addEventListener("abort", this.#onParent, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason?: unknown): void {
    if (this.signal.aborted) return;
    this.#controller.abort(reason);
    // Each listener may remove others, and a removed listener is not called any more.
    for (const act of [...this.#followers]) if (this.#followers.includes(act)) act();
  }

  /** Stops following the parent. */
  dispose(): void {
    if (this.#parent instanceof LinkedAbort) this.#parent.#remove(this.#onParent);
    else this.#parent?.removeEventListener("abort", this.#onParent);
  }

  /** Calls `act` when this aborts, or at once if it has aborted. The returned function removes `act`. */
  follow(act: () => void): () => void {
    this.#add(act);
    return () => this.#remove(act);
  }

  #add(act: () => void): void {
    if (this.signal.aborted) act();
    else this.#followers.push(act);
  }

  #remove(act: () => void): void {
    // Mostly the one that came last.
    if (this.#followers.at(-1) === act) this.#followers.pop();
    else if (this.#followers.length > 0) this.#followers = this.#followers.filter((other) => other !== act);
  }

  /** Resolves with what `ends` makes of how `work` ends, or of the fact that it has not ended a second after this was aborted. */
  wait<TValue, TEnd>(work: Promise<TValue>, clock: Clock, ends: Ends<TValue, TEnd>): Promise<TEnd> {
    return new Promise((resolve, reject) => {
      let cancelTimer: (() => void) | undefined;
      let isLeft = false;
      const onAbort = (): void => {
        cancelTimer = clock.after(GRACE, () => {
          isLeft = true;
          this.#remove(onAbort);
          try {
            resolve(ends.left());
          } catch (problem) {
            reject(problem);
          }
        });
      };
      this.#add(onAbort);
      const end = (): void => {
        this.#remove(onAbort);
        cancelTimer?.();
      };
      work.then(
        (value) => {
          if (isLeft) return;
          end();
          try {
            resolve(ends.value(value));
          } catch (problem) {
            reject(problem);
          }
        },
        (error: unknown) => {
          if (isLeft) return;
          end();
          try {
            resolve(ends.error(error));
          } catch (problem) {
            reject(problem);
          }
        },
      );
    });
  }
}
