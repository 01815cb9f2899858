import type { SessionStore } from "@orch/chat-runtime";

/** A store to be tried, and how to reach what it keeps a second time. */
export interface SessionStoreUnderTest {
  readonly store: SessionStore;
  /** Another store on the same data, as another process would make it. Absent where nothing outlives the store. */
  readonly another?: () => SessionStore | Promise<SessionStore>;
  /** Called after the test; the store and the others are closed by then. */
  readonly cleanUp?: () => void | Promise<void>;
}
