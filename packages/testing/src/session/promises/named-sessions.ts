import type { SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { start, turn } from "../sample-turn.ts";

/** A session has a title and a place in the list, and can be removed. */
export function namedSessions(stores: OpenedStores<SessionStore>): void {
  it("takes the title of its first turn, and keeps the one somebody gave it", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.begin("s", { ...start(1), title: "First" });
    expect((await store.load("s"))?.title).toBe("First");
    await store.rename("s", "Chosen");
    await store.finish("s", turn(1));
    await store.begin("s", { ...start(2), title: "Second" });
    expect((await store.load("s"))?.title).toBe("Chosen");
  });

  it("can be removed for good, and made anew", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.finish("s", turn(1));
    await store.remove("s");
    await store.remove("s");
    expect(await store.load("s")).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await expect(store.begin("s", start(2))).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
    expect((await store.open("s", 9)).turns).toEqual([]);
  });

  it("cannot be renamed when it is not there", async () => {
    const store = await stores.fresh();
    await expect(store.rename("nobody", "x")).rejects.toMatchObject({ code: "ORCH_SESSION_UNKNOWN" });
  });

  it("stands in the list, the one changed last first", async () => {
    const store = await stores.fresh();
    await store.open("old", 1);
    await store.open("new", 2);
    await store.finish("old", turn(10));
    expect(await store.list()).toMatchObject([
      { id: "old", turnCount: 1, updatedAt: 11, lastConfiguration: "echo" },
      { id: "new", turnCount: 0, updatedAt: 2 },
    ]);
  });
}
