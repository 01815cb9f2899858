import type { SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { ask, start, turn } from "../sample-turn.ts";

/** A turn reads back as it was written. */
export function wholeTurns(stores: OpenedStores<SessionStore>): void {
  it("reads as unfinished, with the user's message, from its start to its end", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.begin("s", start(3));
    const reader = (await stores.another()) ?? store;
    expect((await reader.load("s"))?.turns).toEqual([
      { id: "turn3", configuration: "echo", status: "unfinished", messages: [ask(3)], startedAt: 3 },
    ]);
  });

  it("reads back exactly as it was finished, in the order the turns began", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    const turns = [turn(1), { ...turn(2), status: "failed", error: "It broke." } as const, turn(3)];
    for (const one of turns) {
      await store.begin("s", start(one.startedAt));
      await store.finish("s", one);
    }
    const reader = (await stores.another()) ?? store;
    expect((await reader.load("s"))?.turns).toEqual(turns);
  });

  it("stays one turn when it is finished twice, and is added when it never began", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.finish("s", turn(1));
    await store.finish("s", { ...turn(1), error: "second" });
    await store.finish("s", turn(2));
    expect((await store.load("s"))?.turns).toEqual([{ ...turn(1), error: "second" }, turn(2)]);
  });

  it("is found by its id, in whichever session it is, with what it was labelled", async () => {
    const store = await stores.fresh();
    const labels = { model: "provider/model" };
    for (const id of ["s", "t"]) await store.open(id, 1);
    await store.begin("s", { ...start(1), labels });
    await store.finish("t", turn(2));
    const reader = (await stores.another()) ?? store;
    const found = await reader.findTurns(["turn2", "turn1", "elsewhere"]);
    expect(found.toSorted((a, b) => a.turn.startedAt - b.turn.startedAt)).toEqual([
      {
        sessionId: "s",
        turn: {
          ...{ id: "turn1", configuration: "echo", status: "unfinished", labels },
          ...{ messages: [ask(1)], startedAt: 1 },
        },
      },
      { sessionId: "t", turn: turn(2) },
    ]);
    expect(await reader.findTurns([])).toEqual([]);
  });
}
