import type { Activation } from "../kernel/activation.ts";
import type { CancelTimer, Clock } from "../platform/clock.ts";

/** The timers of one run. Each ends with its activation. */
export class RunTimers {
  readonly #clock: Clock;
  readonly #set = new Set<CancelTimer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#set.size;
  }

  /** Calls `fire` after `ms`, unless the activation has ended by then. */
  add(activation: Activation, ms: number, fire: () => void): void {
    const end = this.#clock.after(ms, () => {
      this.#set.delete(cancel);
      fire();
    });
    const cancel = (): void => {
      this.#set.delete(cancel);
      end();
    };
    this.#set.add(cancel);
    activation.attach().alarms.push(cancel);
  }

  /** Ends every timer. */
  end(): void {
    for (const cancel of this.#set) cancel();
  }
}
