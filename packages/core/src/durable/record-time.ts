import type { Clock } from "../platform/clock.ts";

/** The time of the records of one run. It is read once for each of them, so that an event has the time of the record it follows from. */
export class RecordTime {
  readonly #clock: Clock;
  #now: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#now = clock.now();
  }

  /** The time of the present record, in milliseconds since the epoch. */
  now(): number {
    return this.#now;
  }

  /** Another record begins. */
  begin(): void {
    this.#now = this.#clock.now();
  }
}
