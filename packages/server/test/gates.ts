/** Gates that a test opens: a run stands at its own until then, in its draft. */
import type { Gate } from "./article.ts";

export class Gates {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();
  #isOpen = false;

  /** What the orchestration calls. */
  readonly gate: Gate = async (runId, signal, at) => {
    if (this.#isOpen || at === "publish") return;
    const gate = this.#gates.get(runId) ?? Promise.withResolvers<void>();
    this.#gates.set(runId, gate);
    const stop = (): void => gate.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await gate.promise;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#gates.delete(runId);
    }
  };

  /** How many stand at a gate. */
  get waiting(): number {
    return this.#gates.size;
  }

  /** Lets all go on, now and later. */
  open(): void {
    this.#isOpen = true;
    for (const gate of this.#gates.values()) gate.resolve();
  }
}
