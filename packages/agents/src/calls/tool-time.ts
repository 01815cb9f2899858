/** The time of one call: a timeout measures silence where a tool tells of its progress, up to a longest total. */
import type { Clock } from "@orch/core";
import type { Deadline, Deadlines } from "../platform/deadlines.ts";
import { elapsedOn } from "../platform/elapsed-on.ts";

/** How long a call may take, in milliseconds, and when it began. */
export interface ToolLimits {
  readonly began: number;
  readonly timeout: number | undefined;
  readonly longest: number | undefined;
}

/** Ends a call that is silent for too long, or goes on for too long. */
export class ToolTime {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #timeout: number | undefined;
  readonly #longest: number | undefined;
  readonly #end: () => void;
  #began: number;
  /** When the tool was heard last. */
  #heard: number;
  #deadline: Deadline | undefined;
  /** Since when it stands still, and for how many questions. */
  #paused: number | undefined;
  #pauses = 0;

  /** Both limits in milliseconds. Without `timeout` there is none, without `longest` progress does not extend it. `began` is now. */
  constructor(deadlines: Deadlines, { began, timeout, longest }: ToolLimits, end: () => void) {
    this.#clock = deadlines.clock;
    this.#deadlines = deadlines;
    this.#timeout = timeout;
    this.#longest = longest;
    this.#end = end;
    this.#began = began;
    this.#heard = began;
    if (timeout !== undefined) this.#wait(timeout, began);
  }

  /** The tool told something. No timer is touched: a tool may tell much. */
  goOn(): void {
    if (this.#timeout !== undefined && this.#longest !== undefined) this.#heard = elapsedOn(this.#clock);
  }

  stop(): void {
    if (this.#deadline !== undefined) this.#deadlines.leave(this.#deadline);
    this.#deadline = undefined;
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

  #wait(time: number, now: number): void {
    this.#deadline = this.#deadlines.add(now + time, now, () => this.#look());
  }

  #look(resumed = false): void {
    this.#deadline = undefined;
    const now = elapsedOn(this.#clock);
    const time = Math.min((this.#timeout ?? 0) - (now - this.#heard), this.#left());
    if (time <= 0 || (!resumed && this.#heard === this.#began)) this.#end();
    else this.#wait(time, now);
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
