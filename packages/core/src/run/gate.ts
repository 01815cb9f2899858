/** Gates limit how many invocations of one runnable work at once in this process, over all runs. */
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { GatePlace } from "./gate-place.ts";

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

/** What wakes a place that waits: it is admitted, or refused with an error. */
type Queue = Map<GatePlace, { readonly admit: () => void; readonly refuse: (error: Error) => void }>;

/** A semaphore: admits a fixed number of attempts at once, first come, first served. */
export class Gate {
  readonly #limit: number;
  readonly #inside = new Set<GatePlace>();
  /** Attempts that gave their place back and are to work on. They go before those that have not begun. */
  readonly #returning: Queue = new Map();
  readonly #arriving: Queue = new Map();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The attempts that work now. */
  get inside(): readonly GatePlace[] {
    return [...this.#inside];
  }

  isQueued(place: GatePlace): boolean {
    return this.#returning.has(place) || this.#arriving.has(place);
  }

  /** Those that wait for a place, in the order in which they are admitted. */
  get queue(): readonly GatePlace[] {
    return [...this.#returning.keys(), ...this.#arriving.keys()];
  }

  /** Waits for a place. Throws the signal's reason on abort. */
  enter(place: GatePlace): Promise<void> {
    return this.#admit(place, this.#arriving);
  }

  /** Waits for a place again, to work on. Throws the signal's reason on abort. */
  comeBack(place: GatePlace): Promise<void> {
    return this.#admit(place, this.#returning);
  }

  /** Frees the place of an attempt that works; ends its wait for one. */
  leave(place: GatePlace): void {
    // The attempt has ended: whatever waits in it for its place goes on without one.
    this.#take(place)?.admit();
    if (this.#inside.delete(place)) this.#admitNext();
  }

  /** Ends the wait of a place in a queue with an error. */
  refuse(place: GatePlace, error: Error): void {
    this.#take(place)?.refuse(error);
  }

  #take(place: GatePlace): ReturnType<Queue["get"]> {
    const waiting = this.#returning.get(place) ?? this.#arriving.get(place);
    this.#returning.delete(place);
    this.#arriving.delete(place);
    return waiting;
  }

  async #admit(place: GatePlace, queue: Queue): Promise<void> {
    const { signal } = place.operation;
    if (signal.aborted) throw signal.reason;
    if (this.#inside.size < this.#limit) {
      this.#inside.add(place);
      return;
    }
    await unlessAborted(signal, (admit, refuse) => {
      queue.set(place, { admit, refuse });
      return () => void queue.delete(place);
    });
  }

  #admitNext(): void {
    while (this.#inside.size < this.#limit) {
      const queue = this.#returning.size > 0 ? this.#returning : this.#arriving;
      const [next] = queue;
      if (next === undefined) return;
      const [place, { admit }] = next;
      queue.delete(place);
      this.#inside.add(place);
      admit();
    }
  }
}
