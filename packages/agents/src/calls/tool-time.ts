/** The time of one call: a timeout measures silence where a tool tells of its progress, up to a longest total. */
import type { Clock } from "@orch/core";
import { elapsedOn } from "../platform/elapsed-on.ts";

/** Ends a call that is silent for too long, or goes on for too long. */
export class ToolTime {
  readonly #clock: Clock;
  readonly #timeout: number | undefined;
  readonly #longest: number | undefined;
  readonly #end: () => void;
  #began: number;
  /** When the tool was heard last. */
  #heard: number;
  #cancel: (() => void) | undefined;
  /** Since when it stands still, and for how many questions. */
  #paused: number | undefined;
  #pauses = 0;

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

  /** Stands still until the returned function is called; what waits for a person is not silent. */
  pause(): () => void {
    if (this.#timeout === undefined) return () => {};
    this.stop();
    this.#paused ??= elapsedOn(this.#clock);
    this.#pauses++;
    return () => {
      if (--this.#pauses > 0 || this.#paused === undefined) return;
      const waited = elapsedOn(this.#clock) - this.#paused;
      this.#paused = undefined;
      this.#began += waited;
      this.#heard += waited;
      this.#look(true);
    };
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

  #look(resumed = false): void {
    const silent = elapsedOn(this.#clock) - this.#heard;
    const time = Math.min((this.#timeout ?? 0) - silent, this.#left());
    if (time <= 0 || (!resumed && this.#heard === this.#began)) this.#end();
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
