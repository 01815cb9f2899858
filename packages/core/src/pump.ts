/** The pump: the loop under every run. It waits in one place, and everything it calls is a neighbour. */
import type { Ended } from "./activation.ts";
import type { RunHost, Taker } from "./host/run-host.ts";
import { begin, type Completion, type RunState, type Sink, take } from "./transition.ts";

/**
 * Drives a run to its end; one that was `resumed` has begun. How the run ended is what it gives; it
 * rejects only when the host cannot go on, as when a disk is full.
 */
export function pump(run: RunState, host: RunHost, sink: Sink, resumed = false): Promise<Ended> {
  const taking = new Taking(run, host, sink);
  taking.start(resumed);
  return taking.ended;
}

/**
 * One run's loop. A host hands a completion over by a call and not by a promise, which would cost as
 * much as the rest of a step.
 */
class Taking implements Taker {
  readonly ended: Promise<Ended>;
  readonly #run: RunState;
  readonly #host: RunHost;
  readonly #sink: Sink;
  #resolve!: (ended: Ended) => void;
  #reject!: (error: unknown) => void;

  constructor(run: RunState, host: RunHost, sink: Sink) {
    this.#run = run;
    this.#host = host;
    this.#sink = sink;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  start(resumed: boolean): void {
    try {
      if (!resumed) begin(this.#run, this.#sink);
      if (this.#run.ended === undefined) this.#takeFrom(this.#host.next(this));
      else this.#finish();
    } catch (error) {
      this.#reject(error);
    }
  }

  arrive(completion: Completion): void {
    try {
      this.#takeFrom(completion);
    } catch (error) {
      this.#reject(error);
    }
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  #takeFrom(first: Completion | undefined): void {
    for (let arrival = first; arrival !== undefined; arrival = this.#host.next(this)) {
      take(this.#run, arrival, this.#sink);
      if (this.#run.ended === undefined) continue;
      this.#finish();
      return;
    }
  }

  #finish(): void {
    const ended = this.#run.ended!;
    const closed = this.#host.close();
    if (closed instanceof Promise) closed.then(() => this.#resolve(ended), this.#reject);
    else this.#resolve(ended);
  }
}
