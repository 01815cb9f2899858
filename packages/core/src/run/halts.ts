import type { Activation } from "../kernel/activation.ts";
import { type Halting, haltedError, isHalted } from "../kernel/halt.ts";
import { leavesOf } from "../kernel/leaves.ts";
import type { Completion } from "../kernel/transition.ts";

/** The halted fan-outs of one run, and the operations in them that are kept back. */
export class Halts implements Halting {
  readonly #deliver: (completion: Completion) => void;
  #fans: Activation[] = [];
  readonly #held = new Set<Activation>();

  constructor(deliver: (completion: Completion) => void) {
    this.#deliver = deliver;
  }

  add(fan: Activation): void {
    this.#fans.push(fan);
  }

  holds(operation: Activation): boolean {
    if (!isHalted(operation)) return false;
    this.hold(operation);
    return true;
  }

  hold(operation: Activation): void {
    const { signal } = operation;
    this.#held.add(operation);
    const stop = (): void => {
      this.#held.delete(operation);
      this.#deliver({ kind: "failed", operation, error: signal.reason });
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  }

  settle(): boolean {
    // A fan-out that is being stopped already ends as was decided then.
    this.#fans = this.#fans.filter(({ over, frame, reason }) => !over && !frame!.closing && !reason);
    const idle = this.#fans.filter((fan) => [...leavesOf(fan)].every((leaf) => this.#held.has(leaf)));
    this.#fans = this.#fans.filter((fan) => !idle.includes(fan));
    for (const fan of idle) this.#deliver({ kind: "stop", activation: fan, error: haltedError(fan) });
    return idle.length > 0;
  }
}
