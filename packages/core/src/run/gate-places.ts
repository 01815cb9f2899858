import type { Activation } from "../kernel/activation.ts";
import { leavesOf } from "../kernel/leaves.ts";
import { refuseCirclesIn } from "./circle.ts";
import { gateOf } from "./gate.ts";
import { GatePlace, type QueuedState } from "./gate-place.ts";
import type { Questions } from "./questions.ts";

/** The places of one run at gates. */
export class GatePlaces {
  readonly #runId: string;
  readonly #timers: () => boolean;
  readonly #byPath = new Map<string, GatePlace>();

  /** `timers` says whether the run has a timer that may end what is open in it. */
  constructor(runId: string, timers: () => boolean) {
    this.#runId = runId;
    this.#timers = timers;
  }

  /** Waits for a place; resolves to the function that leaves it. */
  async enter(operation: Activation, concurrency: number): Promise<() => void> {
    const { path, runnable } = operation;
    const place = new GatePlace(
      gateOf(runnable.made?.by ?? runnable.source, concurrency),
      operation,
      this.#runId,
      this.#timers,
    );
    this.#byPath.set(path, place);
    const leave = (): void => {
      place.leave();
      if (this.#byPath.get(path) === place) this.#byPath.delete(path);
    };
    try {
      await place.enter();
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  /** What an operation waits for at the gate of its runnable; `undefined` when it is not queued. */
  queuedAt(path: string): QueuedState | undefined {
    return this.#byPath.get(path)?.queued;
  }

  /** The run has nothing to do: whether it waits in a circle is looked at again. */
  idle(): void {
    refuseCirclesIn([...this.#byPath.values()].map(({ operation }) => operation));
  }
}

/** Whether nothing of a run works, and some of it is queued. */
export function isQueued(
  root: Activation,
  questions: Questions | undefined,
  queuedAt: (leaf: Activation) => QueuedState | undefined,
): boolean {
  let isQueued = false;
  for (const leaf of leavesOf(root)) {
    if (leaf.reason !== undefined) return false;
    if (queuedAt(leaf) !== undefined) isQueued = true;
    else if (questions?.blocks(leaf) !== true) return false;
  }
  return isQueued;
}
