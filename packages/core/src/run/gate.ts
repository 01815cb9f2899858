/** Gates limit how many invocations of one runnable run at once in this process, over all runs. */
import type { Activation } from "../kernel/activation.ts";
import { unlessAborted } from "../platform/unless-aborted.ts";
import type { AnyRunnable } from "../words/runnable.ts";

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

/** Who is inside: an operation, and the host that executes it. */
interface Visitor {
  readonly operation: Activation;
  readonly host: object;
}

/** A semaphore: admits a fixed number of visitors at once, first come, first served. */
export class Gate {
  readonly #limit: number;
  readonly #queue = new Set<() => void>();
  readonly #inside = new Set<Visitor>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the next has to wait. */
  get isFull(): boolean {
    return this.#inside.size >= this.#limit;
  }

  /** Waits for a slot. Throws the signal's reason on abort. Returns the function that releases the slot. */
  async enter(visitor: Visitor): Promise<() => void> {
    const { signal } = visitor.operation;
    if (signal.aborted) throw signal.reason;
    if (this.isFull) {
      await unlessAborted(signal, (resolve) => {
        const admit = (): void => {
          this.#inside.add(visitor);
          resolve();
        };
        this.#queue.add(admit);
        return () => void this.#queue.delete(admit);
      });
    } else this.#inside.add(visitor);
    return () => this.#leave(visitor);
  }

  /** Whether all inside are operations of this host for which `says` holds. */
  isHeldBy(host: object, says: (operation: Activation) => boolean): boolean {
    return [...this.#inside].every((one) => one.host === host && says(one.operation));
  }

  #leave(visitor: Visitor): void {
    this.#inside.delete(visitor);
    const [next] = this.#queue;
    if (next === undefined) return;
    this.#queue.delete(next);
    next();
  }
}
