import { forkSession, type SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { start, turn } from "../sample-turn.ts";

/** A copy of a session is a session of its own. */
export function forkedSessions(stores: OpenedStores<SessionStore>): void {
  it("is forked at a turn, and both go their own way", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    for (let at = 1; at <= 3; at++) await store.finish("s", turn(at));
    await store.begin("s", start(4));
    const fork = await forkSession(store, "s", { as: "f", turns: 2, title: "Fork", now: 50 });
    expect(await store.load("f")).toMatchObject({ title: "Fork", createdAt: 50, turns: fork.turns });
    expect(fork.turns.map(({ id }) => id)).toEqual(["turn1", "turn2"]);
    expect((await forkSession(store, "s", { as: "all", now: 51 })).turnCount).toBe(3);
    await expect(forkSession(store, "s", { as: "f", now: 52 })).rejects.toMatchObject({
      code: "ORCH_SESSION_EXISTS",
    });
    await expect(forkSession(store, "nobody", { as: "g", now: 52 })).rejects.toMatchObject({
      code: "ORCH_SESSION_UNKNOWN",
    });
    await store.remove("s");
    await store.open("f", 60);
    await store.finish("f", turn(9));
    expect((await store.load("f"))?.turns.map(({ id }) => id)).toEqual(["turn1", "turn2", "turn9"]);
  });
}
