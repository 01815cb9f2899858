/** How a server stops: it takes on nothing more, waits for what goes on, then lets go of it. */
import type { Clock } from "@orch/core";

/** How often what goes on is counted, in milliseconds. */
const LOOK = 50;

/** What stopping needs. */
export interface DrainParts {
  readonly clock: Clock;
  /** How many runs and turns go on. */
  readonly count: () => number;
}

/** Where a server is on its way to its end. */
export class Drain {
  readonly #parts: DrainParts;
  readonly #streams = new AbortController();
  #isClosing = false;
  #parking: Promise<void> | undefined;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /** Whether nothing more is taken on. */
  readonly isClosing = (): boolean => this.#isClosing;

  /** Aborts when streams are to end. */
  get signal(): AbortSignal {
    return this.#streams.signal;
  }

  /** Waits until nothing goes on, at most `within` milliseconds, or until the server parks. */
  async drain(within: number): Promise<void> {
    this.#isClosing = true;
    const { clock, count } = this.#parts;
    const until = clock.now() + within;
    while (count() > 0 && clock.now() < until && !this.signal.aborted) {
      await new Promise<void>((resolve) => clock.after(Math.min(LOOK, until - clock.now()), resolve));
    }
  }

  park(letGo: () => Promise<void>): Promise<void> {
    this.#isClosing = true;
    this.#parking ??= letGo().finally(() => this.#streams.abort("the server stops"));
    return this.#parking;
  }
}
