/** A store's promises about snapshots, where it keeps any. */
import type { JournalStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { created, record } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function snapshotPromises(stores: OpenedStores<JournalStore>): void {
  describe("a snapshot", () => {
    it("is the text that was put last for its run, and changes nothing else", () => lastText(stores));
    it("goes with its run, and is of no later run of that name", () => goesWithRun(stores));
    it("of a run that is not there is not kept", () => notThere(stores));
  });
}

/** A store without snapshots promises nothing about them. */
async function keeping(
  stores: OpenedStores<JournalStore>,
): Promise<Required<Pick<JournalStore, "putSnapshot" | "snapshot">> & JournalStore> {
  const store = await stores.fresh();
  const { putSnapshot = () => {}, snapshot = () => undefined } = store;
  return { ...store, putSnapshot, snapshot };
}

async function lastText(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await keeping(stores);
  const keeps = (await stores.second()).snapshot !== undefined;
  await created(store, "r", 1);
  await created(store, "other", 1);
  const before = await store.get("r");
  expect(await store.snapshot("r")).toBeUndefined();
  for (const text of ["one", `two "é"\u0000😀 ${"x".repeat(100_000)}`]) {
    await store.putSnapshot("r", text);
    const other = await stores.second();
    for (const one of [store, other]) expect(await one.snapshot?.("r")).toBe(keeps ? text : undefined);
  }
  expect(await store.snapshot("other")).toBeUndefined();
  expect(await store.get("r")).toEqual(before);
  expect(await store.load("r")).toEqual([record(1)]);
}

async function goesWithRun(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await keeping(stores);
  const claim = await created(store, "r", 1);
  await store.putSnapshot("r", "of the first");
  await store.release([claim]);
  expect(await store.delete("r", 1)).toBe("deleted");
  expect(await store.snapshot("r")).toBeUndefined();
  await created(store, "r", 1);
  expect(await store.snapshot("r")).toBeUndefined();
}

async function notThere(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await keeping(stores);
  await store.putSnapshot("never", "text");
  expect(await store.snapshot("never")).toBeUndefined();
  await created(store, "never", 1);
  expect(await store.snapshot("never")).toBeUndefined();
}
