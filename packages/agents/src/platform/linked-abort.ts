/** An abort controller that follows another until it is disposed, and waits a limited time for the work that it aborted. */
import type { Clock } from "@orch/core";

/** The grace time after an abort, in milliseconds. */
const GRACE = 1_000;

/**
 * A signal of one's own, below another: it aborts with its parent, or by itself, and the parent never
 * notices. What follows it within the run stands in a list: a listener on a signal costs five times as
 * much, and every model call and tool call needs some.
 */
export class LinkedAbort {
  readonly #controller = new AbortController();
  #followers: (() => void)[] = [];
  /** Stops following the parent. */
  readonly dispose: () => void;

  constructor(parent: AbortSignal | LinkedAbort | undefined) {
    const above = parent instanceof LinkedAbort ? parent.signal : parent;
    const follow = (): void => this.abort(above?.reason);
    if (parent instanceof LinkedAbort) {
      this.dispose = parent.follow(follow);
    } else {
      this.dispose = () => above?.removeEventListener("abort", follow);
      if (above?.aborted) follow();
      else above?.addEventListener("abort", follow, { once: true });
    }
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

  /** Calls `act` when this aborts, or at once if it has aborted. The returned function removes `act`. */
  follow(act: () => void): () => void {
    if (this.signal.aborted) act();
    else this.#followers.push(act);
    return () => {
      this.#followers = this.#followers.filter((other) => other !== act);
    };
  }

  /** Resolves with `work`, or with `leave()` when `work` has not ended a second after this was aborted. */
  wait<TValue>(work: Promise<TValue>, clock: Clock, leave: () => TValue): Promise<TValue> {
    return new Promise((resolve, reject) => {
      let cancelTimer: (() => void) | undefined;
      const unfollow = this.follow(() => {
        cancelTimer = clock.after(GRACE, () => resolve(leave()));
      });
      const end = (): void => {
        unfollow();
        cancelTimer?.();
      };
      work.then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }
}
