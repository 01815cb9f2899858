/** The time of one call: a timeout measures silence where a tool tells of its progress, up to a longest total. */
import type { Deadline, Deadlines } from "../platform/deadlines.ts";
import { elapsedOn } from "../platform/elapsed-on.ts";

/** Is told that a call's time is up. */
export interface TimedCall {
  readonly timeUp: () => void;
}

/** Ends a call that is silent for too long, or goes on for too long. */
export class ToolTime implements Deadline {
  readonly #deadlines: Deadlines;
  readonly #timeout: number | undefined;
  readonly #longest: number | undefined;
  readonly #call: TimedCall;
  #began: number;
  /** When the tool was heard last. */
  #heard: number;
  /** When it is looked at next. */
  due = 0;
  #isWatched = false;
  /** Since when it stands still, and for how many questions. */
  #paused: number | undefined;
  #pauses = 0;

  /** Both limits in milliseconds. Without `timeout` there is none, without `longest` progress does not extend it. `began` is now. */
  constructor(
    deadlines: Deadlines,
    began: number,
    timeout: number | undefined,
    longest: number | undefined,
    call: TimedCall,
  ) {
    this.#deadlines = deadlines;
    this.#timeout = timeout;
    this.#longest = longest;
    this.#call = call;
    this.#began = began;
    this.#heard = began;
    if (timeout !== undefined) this.#wait(timeout, began);
  }

  /** The tool told something. No timer is touched: a tool may tell much. */
  goOn(): void {
    if (this.#timeout !== undefined && this.#longest !== undefined) this.#heard = this.#now();
  }

  stop(): void {
    if (this.#isWatched) this.#deadlines.leave(this);
    this.#isWatched = false;
  }

  /** Stands still until the returned function is called; what waits for a person is not silent. */
  pause(): () => void {
    if (this.#timeout === undefined) return () => {};
    this.stop();
    this.#paused ??= this.#now();
    this.#pauses++;
    return () => {
      if (--this.#pauses > 0 || this.#paused === undefined) return;
      const waited = this.#now() - this.#paused;
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
    this.#isWatched = true;
    this.due = now + time;
    this.#deadlines.watch(this, now);
  }

  act(): void {
    this.#isWatched = false;
    this.#look(false);
  }

  #now(): number {
    return elapsedOn(this.#deadlines.clock);
  }

  #look(resumed: boolean): void {
    const now = this.#now();
    const time = Math.min((this.#timeout ?? 0) - (now - this.#heard), this.#left());
    if (time <= 0 || (!resumed && this.#heard === this.#began)) this.#call.timeUp();
    else this.#wait(time, now);
  }

  /** What is left of the longest total. */
  #left(): number {
    return this.#began + (this.#longest ?? this.#timeout ?? 0) - this.#now();
  }
}

/** The text for the model after a tool timed out. */
export function tookTooLong(timeout = 0): string {
  return `The tool took longer than ${timeout / 1_000} s and was stopped.`;
}
