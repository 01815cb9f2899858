import type { Activation } from "../kernel/activation.ts";
import { isHalted } from "../kernel/halt.ts";
import { reopenRun, reopenWithin } from "../kernel/reopen.ts";
import type { RunState, Sink } from "../kernel/transition.ts";
import type { Folded } from "./folded.ts";

/** The halted fan-outs of a run that is folded, and the operations in them that are not to begin. */
export class FoldedHalts {
  #fans: Activation[] = [];
  readonly #held = new Set<Activation>();

  goOnFrom(fans: readonly Activation[], held: Iterable<Activation>): void {
    this.#fans.push(...fans);
    for (const operation of held) this.#held.add(operation);
  }

  add(fan: Activation): void {
    this.#fans.push(fan);
  }

  /** An operation is to begin. */
  began(operation: Activation): void {
    if (this.#fans.length > 0 && isHalted(operation)) this.#held.add(operation);
  }

  /** What failed or was stopped begins again: in fan-outs that go on, or in the whole of a run that has ended. */
  reopen(run: RunState, sink: Sink, isWhole: boolean): void {
    this.#fans = [];
    this.#held.clear();
    if (isWhole) reopenRun(run, sink);
    else reopenWithin(run.root, sink);
    if (run.ended === undefined) run.root.attached?.mailbox?.settle(run, sink);
  }

  result(): Pick<Folded, "halted" | "held"> {
    const halted = this.#fans.filter(({ over, frame }) => !over && frame!.closing === undefined);
    return { halted, held: this.#held };
  }
}
