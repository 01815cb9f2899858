/** What every store of sessions does, as tests. */
import { afterEach, describe } from "vitest";
import { OpenedStores } from "../store/opened-stores.ts";
import { closedStore } from "./promises/closed-store.ts";
import { forkedSessions } from "./promises/forked-sessions.ts";
import { heldSessions } from "./promises/held-sessions.ts";
import { namedSessions } from "./promises/named-sessions.ts";
import { readInParts } from "./promises/read-in-parts.ts";
import { safeTurns } from "./promises/safe-turns.ts";
import { wholeTurns } from "./promises/whole-turns.ts";
import type { SessionStoreUnderTest } from "./session-store-under-test.ts";

/**
 * Describes the tests that a {@link SessionStore} passes, in vitest. `make` gives a fresh, empty store
 * for each test.
 *
 * @example
 * ```ts
 * describe("memorySessions", () => sessionStoreConformance(() => ({ store: memorySessions() })));
 * ```
 */
export function sessionStoreConformance(
  make: () => SessionStoreUnderTest | Promise<SessionStoreUnderTest>,
): void {
  const stores = new OpenedStores(make);
  afterEach(() => stores.close());

  describe("a session", () => {
    heldSessions(stores);
    namedSessions(stores);
    readInParts(stores);
    forkedSessions(stores);
  });
  describe("a turn", () => {
    wholeTurns(stores);
    safeTurns(stores);
  });
  closedStore(stores);
}
