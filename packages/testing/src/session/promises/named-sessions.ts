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

  it("is there to be read whatever stands in its names and texts, half of a surrogate pair too", async () => {
    const store = await stores.fresh();
    const odd = "\ud83d \u0000 \\ \u202e \u{1f600}";
    const readable = (text = ""): string => text.toWellFormed();
    await store.open(odd, 1);
    await store.begin(odd, { ...start(1), id: odd, configuration: odd, title: odd });
    await store.finish(odd, { ...turn(1), id: odd, configuration: odd, error: odd });
    const [listed] = await store.list();
    expect([listed?.id, listed?.title, listed?.lastConfiguration].map(readable)).toEqual(
      [odd, odd, odd].map(readable),
    );
    expect((await store.load(odd))?.turns.map(({ id, error }) => [id, error])).toEqual([[odd, odd]]);
    await store.rename(odd, `${odd}!`);
    await store.release(odd);
    expect(readable((await store.load(odd, { last: 0 }))?.title)).toBe(readable(`${odd}!`));
    await store.remove(odd);
    expect(await store.list()).toEqual([]);
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
