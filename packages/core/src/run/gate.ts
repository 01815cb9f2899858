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

/** A semaphore: admits a fixed number of attempts at once, first come, first served. */
export class Gate {
  readonly #limit: number;
  readonly #inside = new Set<GatePlace>();
  /** Attempts that gave their place back and are to work on. They go before those that have not begun. */
  readonly #returning = new Map<GatePlace, () => void>();
  readonly #arriving = new Map<GatePlace, () => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The attempts that work now. */
  get inside(): readonly GatePlace[] {
    return [...this.#inside];
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
    const goOn = this.#returning.get(place) ?? this.#arriving.get(place);
    this.#returning.delete(place);
    this.#arriving.delete(place);
    goOn?.();
    if (this.#inside.delete(place)) this.#admitNext();
  }

  async #admit(place: GatePlace, queue: Map<GatePlace, () => void>): Promise<void> {
    const { signal } = place.operation;
    if (signal.aborted) throw signal.reason;
    if (this.#inside.size < this.#limit) {
      this.#inside.add(place);
      return;
    }
    await unlessAborted(signal, (resolve) => {
      queue.set(place, resolve);
      return () => void queue.delete(place);
    });
  }

  #admitNext(): void {
    while (this.#inside.size < this.#limit) {
      const queue = this.#returning.size > 0 ? this.#returning : this.#arriving;
      const [next] = queue;
      if (next === undefined) return;
      const [place, admitted] = next;
      queue.delete(place);
      this.#inside.add(place);
      admitted();
    }
  }
}
