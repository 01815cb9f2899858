/** A store's promises about claims: who may write to a run. */
import type { JournalStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { created, LARGE, record } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function claimPromises(stores: OpenedStores<JournalStore>): void {
  describe("a claim", () => {
    it("keeps others out until its time is over", () => keepsOthersOut(stores));
    it("that was taken over writes nothing more, and does not keep others from writing", () =>
      takenOver(stores));
    it("still writes after its time, as long as nobody has taken over", () => writesAfterItsTime(stores));
    it("is prolonged while it holds, and those that do not are told", () => prolonged(stores));
    it("can be let go at any time, and nothing is written under it afterwards", () => released(stores));
    it.each(["completed", "failed", "cancelled"] as const)(
      "ends with the records that say that the run has %s",
      (status) => endsWithItsRun(stores, status),
    );
    it("writes through whichever handle, also to a run that was removed and made anew elsewhere", () =>
      writesThroughAnyHandle(stores));
    it("goes to one of many who ask at once", () => goesToOne(stores));
  });
}

async function keepsOthersOut(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 1);
  const other = await stores.second();
  expect(await other.claim("r", 99, 300)).toEqual({
    kind: "held",
    holder: { name: expect.any(String), until: 100 },
  });
  expect(await store.claim("r", 99, 300)).toMatchObject({ kind: "held" });
  expect(await other.claim("r", 100, 300)).toEqual({
    kind: "claimed",
    claim: { runId: "r", epoch: expect.any(Number) },
  });
  expect(await store.claim("r", 299, 400)).toMatchObject({ kind: "held", holder: { until: 300 } });
}

async function takenOver(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const old = await created(store, "r", 1);
  const fine = await created(store, "fine", 1);
  const other = await stores.second();
  const taken = await other.claim("r", 100, 200);
  const claim = taken.kind === "claimed" ? taken.claim : old;
  expect(claim.epoch).toBeGreaterThan(old.epoch);
  const batch = [
    {
      claim: old,
      from: 2,
      records: [{ ...record(2), value: LARGE }],
      status: "failed" as const,
      dueAt: 1,
    },
    { claim: fine, from: 2, records: [record(2)], status: "waiting" as const },
  ];
  expect(await store.append(batch)).toEqual([old]);
  expect(await store.append([{ claim: old, from: 2, records: [record(2)] }])).toEqual([old]);
  // A wrong number under a claim that is gone is not a mistake of the writer: another process may have written since.
  expect(await store.append([{ claim: old, from: 7, records: [record(2)] }])).toEqual([old]);
  expect(await store.append([{ claim: old, from: 2, records: [], status: "failed" }])).toEqual([old]);
  expect(await other.get("r")).toMatchObject({ records: 1, status: "running", holder: { until: 200 } });
  expect(await other.get("fine")).toMatchObject({ records: 2, status: "waiting" });
  expect(await other.append([{ claim, from: 2, records: [record(3)] }])).toEqual([]);
  expect(await store.load("r")).toEqual([record(1), record(3)]);
}

async function writesAfterItsTime(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  expect(await store.append([{ claim, from: 2, records: [record(500)] }])).toEqual([]);
}

async function prolonged(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const [one, two] = [await created(store, "one", 1), await created(store, "two", 1)];
  const other = await stores.second();
  await other.claim("two", 100, 200);
  expect(await store.renew([one, two], 500)).toEqual([two]);
  expect(await other.claim("one", 499, 600)).toMatchObject({ kind: "held", holder: { until: 500 } });
  expect(await other.claim("two", 199, 600)).toMatchObject({ kind: "held", holder: { until: 200 } });
}

async function released(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  await store.release([claim]);
  const other = await stores.second();
  expect(await other.get("r")).not.toHaveProperty("holder");
  expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([claim]);
  expect(await other.claim("r", 1, 100)).toMatchObject({ kind: "claimed" });
  await store.release([claim]);
  expect(await store.claim("r", 2, 100)).toMatchObject({ kind: "held" });
}

async function endsWithItsRun(
  stores: OpenedStores<JournalStore>,
  status: "completed" | "failed" | "cancelled",
): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  const fine = await created(store, "fine", 1);
  const batch = [
    { claim, from: 2, records: [record(2)] },
    { claim, from: 3, records: [record(3)], status },
    { claim, from: 4, records: [record(4)] },
    { claim: fine, from: 2, records: [record(2)], status: "waiting" as const },
  ];
  expect(await store.append(batch)).toEqual([claim]);
  const other = await stores.second();
  expect(await other.load("r")).toEqual([record(1), record(2), record(3)]);
  expect(await other.get("r")).not.toHaveProperty("holder");
  expect(await other.get("fine")).toHaveProperty("holder");
  expect(await store.append([{ claim, from: 4, records: [record(4)] }])).toEqual([claim]);
  expect(await store.renew([claim], 500)).toEqual([claim]);
  await store.release([claim]);
  expect(await other.claim("r", 1, 100)).toMatchObject({ kind: "claimed" });
}

async function writesThroughAnyHandle(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 1);
  const other = await stores.second();
  expect(await other.delete("r", 100)).toBe("deleted");
  const claim = await created(other, "r", 1);
  expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([]);
  expect(await store.append([{ claim, from: 3, records: [], status: "waiting" }])).toEqual([]);
  expect(await other.load("r")).toEqual([record(1), record(2)]);
}

async function goesToOne(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  await created(store, "r", 1);
  const handles = [store, await stores.second(), await stores.second()];
  const results = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => handles[index % 3]!.claim("r", 100, 200)),
  );
  expect(results.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
}
