/**
 * Tells when a stream has been silent for too long while we waited for it, or gave signs of life and
 * nothing else for much longer. Time in which the consumer does not read does not count as silence.
 */
import type { Clock } from "@orch/core";
import { elapsedOn } from "../platform/elapsed-on.ts";

/**
 * The longest wait for an event in milliseconds, however many signs of life come: some servers send
 * nothing else while they think, and others never stop sending them.
 */
const LONGEST_WITHOUT_EVENT = 600_000;

/** One timer for a whole stream: it looks at the last sign of life when it fires, and re-arms itself. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #onSilence: (alive: boolean) => void;
  #limit = Number.POSITIVE_INFINITY;
  #since = 0;
  #begun = 0;
  #waiting = false;
  #due = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** `onSilence` is told whether there were signs of life. */
  constructor(clock: Clock, onSilence: (alive: boolean) => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** Starts to wait, for at most `limit` milliseconds of silence. */
  wait(limit: number): void {
    this.#limit = limit;
    this.#since = elapsedOn(this.#clock);
    this.#begun = this.#since;
    this.#waiting = true;
    if (this.#since + limit < this.#due) this.#arm(limit);
  }

  /** A sign of life: bytes came. */
  touch(): void {
    this.#since = elapsedOn(this.#clock);
  }

  /** Ends the wait. */
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
    this.#due = elapsedOn(this.#clock) + ms;
    this.#cancel = this.#clock.after(ms, () => this.#fire());
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    if (!this.#waiting) return;
    const now = elapsedOn(this.#clock);
    const silent = this.#since + this.#limit - now;
    const longest = this.#begun + Math.max(this.#limit, LONGEST_WITHOUT_EVENT) - now;
    const left = Math.min(silent, longest);
    if (left > 0) this.#arm(left);
    else this.#onSilence(silent > 0);
  }
}
