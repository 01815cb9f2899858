import type { Activation } from "../kernel/activation.ts";
import { makesRoom } from "../kernel/resting.ts";
import type { RunState } from "../kernel/transition.ts";
import type { Waits } from "../kernel/waits.ts";
import type { Questions } from "./questions.ts";

/** The runnables of one run that rest because they ask. Those whose rest makes no room for a branch are left out. */
export class RestingStates {
  readonly #run: RunState;
  readonly #driver: Pick<Waits, "deliver">;
  readonly #paths = new Set<string>();

  constructor(run: RunState, driver: Pick<Waits, "deliver">) {
    this.#run = run;
    this.#driver = driver;
  }

  /** A runnable asks. */
  add(operation: Activation): void {
    if (!this.#run.yields || !makesRoom(operation)) return;
    this.#paths.add(operation.path);
    this.#driver.deliver({ kind: "rest", operation, rests: true });
  }

  /** A runnable works again if it has no question left and has not ended. */
  remove(operation: Activation, questions?: Questions): void {
    if (questions?.blocks(operation) === true) return;
    if (!this.#paths.delete(operation.path) || operation.over) return;
    this.#driver.deliver({ kind: "rest", operation, rests: false });
  }
}
