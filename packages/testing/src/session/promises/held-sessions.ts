import type { SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { start } from "../sample-turn.ts";

/** A session has one writer, and any number of readers. */
export function heldSessions(stores: OpenedStores<SessionStore>): void {
  it("is made when it is opened for the first time", async () => {
    const store = await stores.fresh();
    expect(await store.load("s")).toBeUndefined();
    expect(await store.open("s", 5)).toMatchObject({
      id: "s",
      title: "",
      createdAt: 5,
      updatedAt: 5,
      turnCount: 0,
      turns: [],
    });
    expect(await store.load("s")).toMatchObject({ id: "s", turnCount: 0 });
  });

  it("is refused to a second writer, naming the first, until it is released", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    const second = (await stores.another()) ?? store;
    await expect(second.open("s", 2)).rejects.toMatchObject({
      code: "ORCH_SESSION_HELD",
      facts: { sessionId: "s", holder: expect.any(String), since: expect.any(Number) },
    });
    expect((await second.list())[0]?.heldBy).toEqual(expect.any(String));
    await store.release("s");
    expect((await second.list())[0]?.heldBy).toBeUndefined();
    expect(await second.open("s", 3)).toMatchObject({ id: "s", createdAt: 1 });
  });

  it("can be read while another writes it", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.begin("s", start(1));
    const second = (await stores.another()) ?? store;
    expect((await second.load("s"))?.turns).toMatchObject([{ id: "turn1", status: "unfinished" }]);
  });
}
