import type { SessionStore } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import type { OpenedStores } from "../../store/opened-stores.ts";
import { start, turn } from "../sample-turn.ts";

/** What is read follows what is asked for: a part of a session, and some of the sessions. */
export function readInParts(stores: OpenedStores<SessionStore>): void {
  it("is read from its end, and the turns before on demand", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    for (let at = 1; at <= 5; at++) await store.finish("s", turn(at));
    const ids = async (range: { last?: number; before?: number }): Promise<unknown> => {
      const { turns, earlier, turnCount } = (await store.load("s", range))!;
      expect(turnCount).toBe(5);
      return [turns.map(({ id }) => id), earlier];
    };
    expect(await ids({ last: 2 })).toEqual([["turn4", "turn5"], 3]);
    expect(await ids({ last: 2, before: 3 })).toEqual([["turn2", "turn3"], 1]);
    expect(await ids({ last: 9, before: 1 })).toEqual([["turn1"], undefined]);
    expect(await ids({ before: 0 })).toEqual([[], undefined]);
    await store.release("s");
    expect(await store.open("s", 9, { last: 1 })).toMatchObject({ earlier: 4, turns: [{ id: "turn5" }] });
    await store.finish("s", turn(6));
    expect((await store.load("s"))?.turns).toHaveLength(6);
  });

  it("is found by words of its title and of its texts, in parts of the list", async () => {
    const store = await stores.fresh();
    for (const [at, text] of ["the Älteste lighthouse", 'a "quoted" tower', "nothing"].entries()) {
      await store.open(`p/${at}`, at);
      await store.finish(`p/${at}`, turn(at + 1, text));
      await store.rename(`p/${at}`, `Title${at}`);
    }
    await store.open("q/9", 9);
    const found = async (query: Parameters<SessionStore["list"]>[0]): Promise<readonly string[]> =>
      (await store.list(query)).map(({ id }) => id);
    expect(await found({ words: "älteste LIGHT" })).toEqual(["p/0"]);
    expect(await found({ words: '"quoted" title1' })).toEqual(["p/1"]);
    expect(await found({ words: "lighthouse tower" })).toEqual([]);
    expect(await found({ words: "completed" })).toEqual([]);
    expect(await found({ prefix: "p/", limit: 2 })).toEqual(["p/2", "p/1"]);
    expect(await found({ prefix: "p/", limit: 2, skip: 2 })).toEqual(["p/0"]);
    expect(await found({ skip: 9 })).toEqual([]);
  });

  saysWhatWasUsed(stores);
}

function saysWhatWasUsed(stores: OpenedStores<SessionStore>): void {
  it("says what its turns used, also of those that are not read", async () => {
    const store = await stores.fresh();
    await store.open("s", 1);
    await store.begin("s", start(1));
    expect((await store.load("s"))?.spent).toMatchObject({ input: 0, cost: 0, unpriced: 1 });
    await store.finish("s", { ...turn(1), usage: { input: 5, output: 2 }, cost: 0.5 });
    const { cost: _cost, ...unpriced } = turn(2);
    await store.finish("s", { ...unpriced, usage: { input: 1, output: 1 } });
    const part = { input: 20, output: 2, cacheRead: 8, estimated: true } as const;
    await store.finish("s", { ...unpriced, id: "part", usage: part, knownCost: 0.25 });
    // It was answered without a call of a model.
    const { usage: _usage, ...free } = unpriced;
    await store.finish("s", { ...free, id: "free" });
    const spent = { input: 26, output: 5, cost: 0.75, unpriced: 2, cached: 8, estimated: 1 };
    expect((await store.load("s", { last: 1 }))?.spent).toEqual(spent);
    expect((await store.list())[0]?.spent).toEqual(spent);
    await store.finish("s", { ...free, id: "part", cost: 0.5 });
    expect((await store.load("s"))?.spent).toEqual({
      ...{ input: 6, output: 3, cost: 1, unpriced: 1, cached: 0, estimated: 0 },
    });
  });
}
