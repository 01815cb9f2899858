import type { Ended } from "../kernel/activation.ts";
import type { RunHandle } from "./host.ts";
import type { Ending } from "./pump.ts";

/** Starts a run. Resolves with its output, or rejects with its error. */
export function outputOf<TOutput>(open: () => Pick<RunHandle, "start" | "awaited">): Promise<TOutput> {
  const output = new Output<TOutput>();
  try {
    const handle = open();
    handle.start(output);
    return handle.awaited?.(output.promise) ?? output.promise;
  } catch (error) {
    output.failed(error);
    return output.promise;
  }
}

/** Hands the end of a run to a promise. A class, because closures would retain the whole run. */
class Output<TOutput> implements Ending {
  readonly promise: Promise<TOutput>;
  #resolve!: (output: TOutput) => void;
  failed!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.failed = reject;
    });
  }

  ended(ended: Ended): void {
    if (ended.kind === "completed") this.#resolve(ended.value as TOutput);
    else this.failed(ended.error);
  }
}
