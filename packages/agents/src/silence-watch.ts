/**
 * Tells when a stream has been silent for too long while we waited for it. Time in which nobody
 * reads (a slow consumer) does not count as silence.
 */
import type { Clock } from "@orch/core";

/** One timer for a whole stream: it looks at the last sign of life when it fires, and re-arms itself. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #limit = Number.POSITIVE_INFINITY;
  #since = 0;
  #waiting = false;
  #due = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** Starts to wait, for at most `limit` milliseconds of silence. */
  wait(limit: number): void {
    this.#limit = limit;
    this.#since = this.#clock.now();
    this.#waiting = true;
    if (this.#since + limit < this.#due) this.#arm(limit);
  }

  /** A sign of life: bytes came. */
  touch(): void {
    this.#since = this.#clock.now();
  }

  /** Nobody waits any more. */
  rest(): void {
    this.#waiting = false;
  }

  /** Ends the timer. */
  stop(): void {
    this.#waiting = false;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
  }

  #arm(ms: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    if (!Number.isFinite(ms)) return;
    this.#due = this.#clock.now() + ms;
    this.#cancel = this.#clock.after(ms, () => this.#fire());
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    if (!this.#waiting) return;
    const left = this.#since + this.#limit - this.#clock.now();
    if (left > 0) this.#arm(left);
    else this.#onSilence();
  }
}
