/** The time of one call: a timeout measures silence where a tool tells of its progress, up to a longest total. */
import type { Clock } from "@orch/core";
import { elapsedOn } from "../platform/elapsed-on.ts";

/** Ends a call that is silent for too long, or goes on for too long. */
export class ToolTime {
  readonly #clock: Clock;
  readonly #timeout: number | undefined;
  readonly #longest: number | undefined;
  readonly #end: () => void;
  readonly #began: number;
  /** When the tool was heard last. */
  #heard: number;
  #cancel: (() => void) | undefined;

  /** Both limits in milliseconds. Without `timeout` there is none, without `longest` progress does not extend it. */
  constructor(clock: Clock, timeout: number | undefined, longest: number | undefined, end: () => void) {
    this.#clock = clock;
    this.#timeout = timeout;
    this.#longest = longest;
    this.#end = end;
    this.#began = timeout === undefined ? 0 : elapsedOn(clock);
    this.#heard = this.#began;
    this.#wait(timeout);
  }

  /** The tool told something. No timer is touched: a tool may tell much. */
  goOn(): void {
    if (this.#timeout !== undefined && this.#longest !== undefined) this.#heard = elapsedOn(this.#clock);
  }

  stop(): void {
    this.#cancel?.();
  }

  /** The text for the model after the time was up. */
  get problem(): string {
    return this.#heard === this.#began
      ? tookTooLong(this.#timeout)
      : `${tookTooLong(this.#left() <= 0 ? this.#longest : this.#timeout)} It had told of its progress.`;
  }

  #wait(time: number | undefined): void {
    if (time !== undefined) this.#cancel = this.#clock.after(time, () => this.#look());
  }

  #look(): void {
    const silent = elapsedOn(this.#clock) - this.#heard;
    const time = Math.min((this.#timeout ?? 0) - silent, this.#left());
    if (this.#heard === this.#began || time <= 0) this.#end();
    else this.#wait(time);
  }

  /** What is left of the longest total. */
  #left(): number {
    return this.#began + (this.#longest ?? this.#timeout ?? 0) - elapsedOn(this.#clock);
  }
}

/** The text for the model after a tool timed out. */
export function tookTooLong(timeout = 0): string {
  return `The tool took longer than ${timeout / 1_000} s and was stopped.`;
}
