/** Gates: how many invocations of one runnable go on at once in this process, over all runs. */
import type { AnyRunnable } from "./fits.ts";
import { unlessAborted } from "./unless-aborted.ts";

const gates = new WeakMap<AnyRunnable, Gate>();

/** The gate of a runnable that has a `concurrency`. */
export function gateOf(runnable: AnyRunnable, concurrency: number): Gate {
  let gate = gates.get(runnable);
  if (gate === undefined) {
    gate = new Gate(concurrency);
    gates.set(runnable, gate);
  }
  return gate;
}

/** Lets so many in at once, in the order they came. */
export class Gate {
  readonly #limit: number;
  readonly #queue = new Set<() => void>();
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits for a place; throws the signal's reason if it is aborted first. Call {@link leave} afterwards. */
  enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#inside < this.#limit) {
      this.#inside += 1;
      return Promise.resolve();
    }
    return unlessAborted(signal, (admit) => {
      this.#queue.add(admit);
      return () => void this.#queue.delete(admit);
    });
  }

  /** Gives the place to the next. */
  leave(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#inside -= 1;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}
