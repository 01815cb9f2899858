import type { SessionStore } from "@orch/chat-runtime";

/** A store to be tried, and how to reach what it keeps a second time. */
export interface SessionStoreUnderTest {
  readonly store: SessionStore;
  /** Another store on the same data, as another process would make it. Absent where nothing outlives the store. */
  readonly another?: () => SessionStore | Promise<SessionStore>;
  /** Called after the test; the store and the others are closed by then. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** The stores that one test opens, so that all of them are closed after it. */
export class OpenedStores {
  readonly #make: () => SessionStoreUnderTest | Promise<SessionStoreUnderTest>;
  #under: SessionStoreUnderTest | undefined;
  #opened: SessionStore[] = [];

  constructor(make: () => SessionStoreUnderTest | Promise<SessionStoreUnderTest>) {
    this.#make = make;
  }

  /** A fresh, empty store. */
  async fresh(): Promise<SessionStore> {
    this.#under = await this.#make();
    this.#opened = [this.#under.store];
    return this.#under.store;
  }

  /** Another store on the data of the fresh one, where something outlives a store. */
  async another(): Promise<SessionStore | undefined> {
    const store = await this.#under?.another?.();
    if (store) this.#opened.push(store);
    return store;
  }

  /** Closes them all. */
  async end(): Promise<void> {
    for (const store of this.#opened) await store.close();
    await this.#under?.cleanUp?.();
    this.#under = undefined;
    this.#opened = [];
  }
}
