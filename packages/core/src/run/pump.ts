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
      if (this.#run.ended !== undefined) finish(this.#run.ended, this.#driver, this.#ending);
      else {
        const first = this.#driver.next(this);
        if (first !== undefined) this.arrive(first);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  arrive(completion: Completion): void {
    const run = this.#run;
    const driver = this.#driver;
    const { straight } = driver;
    try {
      let arrival: Completion | undefined = completion;
      for (;;) {
        if (straight !== undefined) {
          arrival = straight(arrival, driver, this);
          if (arrival === undefined) return;
        }
        take(run, arrival, driver);
        if (run.ended !== undefined) {
          finish(run.ended, driver, this.#ending);
          return;
        }
        arrival = driver.next(this);
        if (arrival === undefined) return;
      }
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#ending.failed(error);
  }
}

function finish(ended: Ended, driver: Driver, ending: Ending): void {
  const closed = driver.close();
  if (closed instanceof Promise) {
    closed.then(
      () => ending.ended(ended),
      (error: unknown) => ending.failed(error),
    );
  } else ending.ended(ended);
}
