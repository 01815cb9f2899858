/** The operations that are open while a journal is folded, found by their paths. */
import type { Activation } from "../kernel/activation.ts";

/** Operations in the order in which they began. */
export class OpenOperations {
  /** All but the operation that began last. */
  readonly #others = new Map<string, Activation>();
  /** Most runs have one operation open at a time, which is cheaper to compare than to put into a map. */
  #latest: Activation | undefined;

  add(operation: Activation): void {
    this.#settleLatest();
    this.#latest = operation;
  }

  find(path: string): Activation | undefined {
    const latest = this.#latest;
    return latest !== undefined && latest.path === path ? latest : this.#others.get(path);
  }

  remove(operation: Activation): void {
    if (operation === this.#latest) this.#latest = undefined;
    else this.#others.delete(operation.path);
  }

  /** The operations without an end, by path. */
  byPath(): ReadonlyMap<string, Activation> {
    this.#settleLatest();
    return new Map([...this.#others].filter(([, operation]) => !operation.over));
  }

  #settleLatest(): void {
    if (this.#latest === undefined) return;
    this.#others.set(this.#latest.path, this.#latest);
    this.#latest = undefined;
  }
}
