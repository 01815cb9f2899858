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
    this.#fans = this.#fans.filter(({ over, frame }) => !over && frame!.closing === undefined);
    const idle = this.#fans.filter((fan) => [...leavesOf(fan)].every((leaf) => this.#held.has(leaf)));
    // A fan-out around another one goes on when that one has ended.
    const inner = idle.filter((fan) => !idle.some((other) => other !== fan && isAround(fan, other)));
    this.#fans = this.#fans.filter((fan) => !inner.includes(fan));
    for (const fan of inner) this.#deliver({ kind: "stop", activation: fan, error: haltedError(fan) });
    return inner.length > 0;
  }
}

function isAround(fan: Activation, inside: Activation): boolean {
  for (let at = inside.parent; at !== undefined; at = at.parent) if (at === fan) return true;
  return false;
}
