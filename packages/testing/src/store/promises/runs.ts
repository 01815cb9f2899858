/** A store's promises about runs. */
import type { Claim, JournalRecord, JournalStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { aRun, created, LARGE, record } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function runPromises(stores: OpenedStores<JournalStore>): void {
  describe("a run", () => {
    it("is created with its first records, once", () => createdOnce(stores));
    it("is created together with others as it is alone", () => createdTogether(stores));
    it("that is not there is said so", () => notThere(stores));
    it("may have any name, and no two names are one", () => anyName(stores));
    it("shows its status and when its next timer is due, as they were last said", () =>
      statusAndTimer(stores));
    it("is removed with all that belongs to it, unless somebody drives it", () => removedWhole(stores));
  });
}

async function createdOnce(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const run = { ...aRun("r"), origin: { runId: "parent", record: 3 } };
  expect(await store.create(run, [record(1), record(2)], 100)).toEqual({
    runId: "r",
    epoch: expect.any(Number),
  });
  const other = await stores.second();
  expect(await other.create({ ...run, version: "other" }, [record(9)], 200)).toBe("exists");
  expect(await other.load("r")).toEqual([record(1), record(2)]);
  expect(await other.get("r")).toEqual({
    ...run,
    status: "running",
    updatedAt: 2,
    records: 2,
    holder: { name: expect.any(String), until: 100 },
  });
}

async function createdTogether(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const createAll: NonNullable<JournalStore["createAll"]> = async (creations) => {
    if (store.createAll !== undefined) return store.createAll(creations);
    const made: (Claim | "exists")[] = [];
    for (const { run, records, until } of creations) made.push(await store.create(run, records, until));
    return made;
  };
  await created(store, "there", 1);
  const creation = (id: string, ...records: JournalRecord[]) => ({ run: aRun(id), records, until: 100 });
  const made = await createAll([
    creation("one", record(1), record(2)),
    creation("there", record(9)),
    creation("two"),
    creation("one", record(9)),
  ]);
  expect(made).toMatchObject([{ runId: "one" }, "exists", { runId: "two" }, "exists"]);
  const other = await stores.second();
  expect(await other.load("one")).toEqual([record(1), record(2)]);
  expect(await other.load("there")).toEqual([record(1)]);
  expect(await other.load("two")).toEqual([]);
  const [one, , two] = made as readonly Claim[];
  const batch = [
    { claim: one!, from: 3, records: [record(3)] },
    { claim: two!, from: 1, records: [record(1)] },
  ];
  expect(await store.append(batch)).toEqual([]);
  expect(await other.claim("two", 99, 300)).toMatchObject({ kind: "held" });
  expect(await createAll([])).toEqual([]);
}

async function notThere(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  expect(await store.load("r")).toBeUndefined();
  expect(await store.get("r")).toBeUndefined();
  expect(await store.requests("r")).toEqual([]);
  expect(await store.claim("r", 1, 2)).toEqual({ kind: "unknown" });
  expect(await store.delete("r", 1)).toBe("unknown");
  expect(await store.offer("r", { type: "cancel", reason: "", at: 1 }, 1)).toBe("unknown");
  const never = { runId: "r", epoch: 1 };
  expect(await store.append([{ claim: never, from: 1, records: [record(1)] }])).toEqual([never]);
  expect(await store.renew([never], 5)).toEqual([never]);
  await store.release([never]);
}

async function anyName(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const names = [
    "",
    " ",
    "a/b#1[2]",
    `'";--`,
    "日本語 👩‍👩‍👧",
    "\u0000",
    "a\u0000b",
    "\ud800",
    "\udc00",
    "\\ud800",
    "\\u0000",
    '\\"',
  ];
  for (const name of names) {
    const run = { ...aRun(name), orchestration: name, version: name, hash: name };
    expect(await store.create(run, [{ ...record(1), path: name }], 100)).not.toBe("exists");
  }
  const other = await stores.second();
  for (const name of names) {
    expect(await other.get(name)).toMatchObject({
      runId: name,
      orchestration: name,
      version: name,
      hash: name,
    });
    expect((await other.load(name))?.[0]?.path).toBe(name);
    expect((await other.list({ orchestration: name })).map((run) => run.runId)).toEqual([name]);
  }
}

async function statusAndTimer(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  await store.append([{ claim, from: 2, records: [record(5)], status: "waiting", dueAt: 70 }]);
  expect(await store.get("r")).toMatchObject({ status: "waiting", dueAt: 70, records: 2, updatedAt: 5 });
  await store.append([{ claim, from: 3, records: [record(6)] }]);
  expect(await store.get("r")).toMatchObject({ status: "waiting", dueAt: 70, records: 3, updatedAt: 6 });
  await store.append([{ claim, from: 4, records: [], dueAt: 0 }]);
  expect(await store.get("r")).toMatchObject({ status: "waiting", dueAt: 0, records: 3 });
  await store.append([{ claim, from: 4, records: [record(7)], status: "completed", dueAt: null }]);
  const other = await stores.second();
  expect(await other.get("r")).not.toHaveProperty("dueAt");
  expect(await other.get("r")).toMatchObject({ status: "completed", records: 4 });
}

async function removedWhole(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  await store.append([{ claim, from: 2, records: [{ ...record(2), value: LARGE }] }]);
  await store.offer("r", { type: "answer", question: "q", value: 1, at: 1 }, 1);
  await created(store, "other", 1);
  expect(await (await stores.second()).delete("r", 99)).toBe("held");
  expect(await store.load("r")).toHaveLength(2);
  expect(await (await stores.second()).delete("r", 100)).toBe("deleted");
  expect(await store.get("r")).toBeUndefined();
  expect(await store.append([{ claim, from: 3, records: [record(3)] }])).toEqual([claim]);
  await created(store, "r", 1);
  expect(await store.append([{ claim, from: 2, records: [record(3)] }])).toEqual([claim]);
  expect(await store.requests("r")).toEqual([]);
  expect(await store.openRequests()).toEqual([]);
  expect(await store.load("r")).toEqual([record(1)]);
  expect(await store.load("other")).toEqual([record(1)]);
}
