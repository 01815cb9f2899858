/** What changed since a reader looked last. However slow the reader is, each key waits once. */
export class ChangedKeys {
  readonly #changed = new Set<string>();
  #wake = Promise.withResolvers<undefined>();

  add(key: string): void {
    this.#changed.add(key);
    this.#wake.resolve(undefined);
  }

  delete(key: string): void {
    this.#changed.delete(key);
  }

  /** The keys as they change, until `signal` aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    const stop = (): void => this.#wake.resolve(undefined);
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) {
        const [next] = this.#changed;
        if (next === undefined) {
          await this.#wake.promise;
          this.#wake = Promise.withResolvers();
        } else {
          this.#changed.delete(next);
          yield next;
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}
