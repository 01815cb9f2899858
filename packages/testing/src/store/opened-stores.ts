/** What a test is given to try. */
interface UnderTest<TStore> {
  readonly store: TStore;
  readonly another?: () => TStore | Promise<TStore>;
  readonly cleanUp?: () => void | Promise<void>;
}

/** The stores that a test opens, of runs or of sessions. They are closed after it. */
export class OpenedStores<TStore extends { readonly close: () => unknown }> {
  readonly #make: () => UnderTest<TStore> | Promise<UnderTest<TStore>>;
  #under: UnderTest<TStore> | undefined;
  #opened: TStore[] = [];

  constructor(make: () => UnderTest<TStore> | Promise<UnderTest<TStore>>) {
    this.#make = make;
  }

  /** An empty store. */
  async fresh(): Promise<TStore> {
    this.#under = await this.#make();
    this.#opened = [this.#under.store];
    return this.#under.store;
  }

  /** Another store on the data of the fresh one; absent where nothing outlives a store. */
  async another(): Promise<TStore | undefined> {
    const store = await this.#under?.another?.();
    if (store !== undefined) this.#opened.push(store);
    return store;
  }

  /** A second store on the data of the fresh one, or the fresh one itself where only one store can exist. */
  async second(): Promise<TStore> {
    return (await this.another()) ?? this.#opened[0]!;
  }

  /** Closes them, and removes what they kept. */
  async close(): Promise<void> {
    for (const store of this.#opened) await store.close();
    await this.#under?.cleanUp?.();
    this.#under = undefined;
    this.#opened = [];
  }
}
