import type { Activation } from "../activation.ts";
import type { CancelTimer } from "../clock.ts";
import { execute, type StepDoors } from "../step.ts";
import type { Completion } from "../transition.ts";
import type { RunHost } from "./run-host.ts";

/** Runs live in this process, and end with it. */
export class MemoryHost implements RunHost {
  readonly #doors: StepDoors;
  readonly #timers = new Set<CancelTimer>();
  #queue: Completion[] = [];
  #head = 0;
  #waiter: ((completion: Completion) => void) | undefined;

  constructor(doors: StepDoors) {
    this.#doors = doors;
  }

  exec(operation: Activation): void {
    try {
      const result = execute(operation, this.#doors);
      if (!isThenable(result)) {
        this.deliver({ kind: "completed", operation, value: result });
        return;
      }
      // A thenable that is no promise may throw or settle twice; resolve() makes a promise of it.
      Promise.resolve(result).then(
        (value) => this.deliver({ kind: "completed", operation, value }),
        (error: unknown) => this.deliver({ kind: "failed", operation, error }),
      );
    } catch (error) {
      this.deliver({ kind: "failed", operation, error });
    }
  }

  timer(activation: Activation, ms: number): void {
    const cancel = this.#doors.clock.after(ms, () => {
      this.#timers.delete(cancel);
      this.deliver({ kind: "timer", activation });
    });
    this.#timers.add(cancel);
  }

  /** Nothing to do: the run ignores what a dropped operation delivers. */
  drop(): void {}

  /** Hands a completion to the pump; also how a cancellation comes in. */
  deliver(completion: Completion): void {
    if (this.#waiter === undefined) {
      this.#queue.push(completion);
      return;
    }
    const wake = this.#waiter;
    this.#waiter = undefined;
    wake(completion);
  }

  next(): Completion | Promise<Completion> {
    if (this.#head === this.#queue.length) {
      return new Promise((resolve) => {
        this.#waiter = resolve;
      });
    }
    const completion = this.#queue[this.#head++]!;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return completion;
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
