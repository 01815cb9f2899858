import type { Ended } from "../kernel/activation.ts";
import type { RunHandle } from "./host.ts";
import type { Ending } from "./pump.ts";

/** Starts a run. Gives its output, or rejects with what it ended with. */
export function outputOf<TOutput>(open: () => RunHandle): Promise<TOutput> {
  return new Promise((resolve, reject) => open().start(new Output(resolve, reject)));
}

/** Hands the end of a run to a promise. A class, because functions would hold on to what the run was made of. */
class Output<TOutput> implements Ending {
  readonly #resolve: (output: TOutput) => void;
  readonly failed: (error: unknown) => void;

  constructor(resolve: (output: TOutput) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve;
    this.failed = reject;
  }

  ended(ended: Ended): void {
    if (ended.kind === "completed") this.#resolve(ended.value as TOutput);
    else this.failed(ended.error);
  }
}
