/** A store's promises about answers to questions. */
import type { JournalStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { created, LARGE } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function answerPromises(stores: OpenedStores<JournalStore>): void {
  describe("an answer", () => {
    it("counts when it is the first to its question, from whichever process", () => firstCounts(stores));
    it("is any JSON value, to a question of any name", () => anyValue(stores));
    it("that could change an object's prototype is refused, and not kept", () => refusesPrototypes(stores));
  });
}

async function firstCounts(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 1);
  const other = await stores.second();
  expect(await other.putAnswer("r", { questionId: "b", value: "first", at: 7 })).toBe("accepted");
  expect(await store.putAnswer("r", { questionId: "b", value: "second", at: 1 })).toBe("duplicate");
  expect(await store.putAnswer("r", { questionId: "a", value: null, at: 2 })).toBe("accepted");
  expect(await other.putAnswer("r", { questionId: "a", value: 3, at: 3 })).toBe("duplicate");
  const kept = [
    { questionId: "b", value: "first", at: 7 },
    { questionId: "a", value: null, at: 2 },
  ];
  expect(await store.answers("r")).toEqual(kept);
  expect(await other.answers("r")).toEqual(kept);
}

async function anyValue(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 1);
  const values = [
    null,
    true,
    0,
    -1.5,
    1e300,
    "",
    "\u0000\ud800👩‍👩‍👧",
    LARGE,
    [],
    [[null]],
    {},
    { "": { constructor: 1, toString: [] } },
  ];
  for (const [index, value] of values.entries()) {
    await store.putAnswer("r", { questionId: `q${index}\\\ud800"`, value, at: index });
  }
  expect(await (await stores.second()).answers("r")).toEqual(
    values.map((value, index) => ({ questionId: `q${index}\\\ud800"`, value, at: index })),
  );
}

async function refusesPrototypes(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 1);
  const value = Object.defineProperty({}, "__proto__", { value: { admin: true }, enumerable: true });
  await expect((async () => store.putAnswer("r", { questionId: "q", value, at: 1 }))()).rejects.toMatchObject(
    {
      code: "ORCH_JSON",
    },
  );
  expect(await store.answers("r")).toEqual([]);
}
