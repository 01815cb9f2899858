/** The pump: the loop under every run. It waits in one place, and everything it calls is a neighbour. */
import type { Ended } from "../kernel/activation.ts";
import { begin, type Completion, type RunState, take } from "../kernel/transition.ts";
import type { Driver, Taker } from "./driver.ts";

/** Told how a run ended. Only the first call counts. */
export interface Ending {
  /** The run is kept on its host, or has begun in memory. What fails before is a refusal. */
  readonly accepted?: () => void;
  readonly ended: (ended: Ended) => void;
  /** The driver cannot go on, as when a disk is full. */
  readonly failed: (error: unknown) => void;
}

/**
 * Drives one run to its end. A driver hands a completion over by a call and not by a promise, which would cost as
 * much as the rest of a step.
 */
export class Pump implements Taker {
  readonly #run: RunState;
  readonly #driver: Driver;
  readonly #ending: Ending;

  constructor(run: RunState, driver: Driver, ending: Ending) {
    this.#run = run;
    this.#driver = driver;
    this.#ending = ending;
  }

  /** Begins; a run that was `resumed` has begun. */
  start(resumed: boolean): void {
    try {
      if (!resumed) begin(this.#run, this.#driver);
      if (this.#run.ended === undefined) this.#takeFrom(this.#driver.next(this));
      else this.#finish();
    } catch (error) {
      this.fail(error);
    }
  }

  arrive(completion: Completion): void {
    try {
      this.#takeFrom(completion);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#ending.failed(error);
  }

  #takeFrom(first: Completion | undefined): void {
    for (let arrival = first; arrival !== undefined; arrival = this.#driver.next(this)) {
      take(this.#run, arrival, this.#driver);
      if (this.#run.ended === undefined) continue;
      this.#finish();
      return;
    }
  }

  #finish(): void {
    const ended = this.#run.ended!;
    const closed = this.#driver.close();
    if (closed instanceof Promise) {
      closed.then(
        () => this.#ending.ended(ended),
        (error: unknown) => this.fail(error),
      );
    } else this.#ending.ended(ended);
  }
}
