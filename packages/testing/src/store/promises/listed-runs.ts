/** A store's promises about lists of runs. */
import type { Claim, JournalStore, StoredRun } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { aRun, created, record } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function listPromises(stores: OpenedStores<JournalStore>): void {
  describe("a list", () => {
    it("has the runs that fit all conditions, the one created last first", () => fitsConditions(stores));
    it("has a hundred runs unless it is asked for more", () => hundredAtMost(stores));
  });
}

const ids = (runs: readonly StoredRun[]): string[] => runs.map((run) => run.runId);

async function fitsConditions(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  for (let at = 1; at <= 6; at++) {
    const run = { ...aRun(`r${at}`), orchestration: at % 2 === 0 ? "even" : "odd", createdAt: at };
    const claim = (await store.create(run, [record(at * 10)], 1000)) as Claim;
    const status = (["running", "waiting", "completed"] as const)[at % 3]!;
    await store.append([
      { claim, from: 2, records: [record(at * 10)], status, dueAt: at === 3 ? null : at * 100 },
    ]);
  }
  const other = await stores.second();
  expect(ids(await other.list({}))).toEqual(["r6", "r5", "r4", "r3", "r2", "r1"]);
  expect(ids(await other.list({ limit: 2 }))).toEqual(["r6", "r5"]);
  expect(ids(await other.list({ limit: 2, after: "r5" }))).toEqual(["r4", "r3"]);
  expect(ids(await other.list({ orchestration: "odd", after: "r4" }))).toEqual(["r3", "r1"]);
  expect(ids(await other.list({ orchestration: "odd" }))).toEqual(["r5", "r3", "r1"]);
  expect(ids(await other.list({ prefix: "r" }))).toHaveLength(6);
  expect(ids(await other.list({ prefix: "r5", limit: 1 }))).toEqual(["r5"]);
  expect(ids(await other.list({ prefix: "R" }))).toEqual([]);
  expect(ids(await other.list({ prefix: "r5r" }))).toEqual([]);
  expect(ids(await other.list({ status: "waiting" }))).toEqual(["r4", "r1"]);
  expect(ids(await other.list({ status: ["waiting", "completed"] }))).toEqual(["r5", "r4", "r2", "r1"]);
  expect(ids(await other.list({ status: [] }))).toEqual([]);
  expect(ids(await other.list({ dueBefore: 400 }))).toEqual(["r4", "r2", "r1"]);
  expect(ids(await other.list({ updatedBefore: 30 }))).toEqual(["r2", "r1"]);
  expect(ids(await other.list({ status: "waiting", dueBefore: 300, updatedBefore: 60, limit: 5 }))).toEqual([
    "r1",
  ]);
  expect(ids(await other.list({ orchestration: "neither" }))).toEqual([]);
  for (const id of ['q"1', 'q"\n2', "q%3", "q\\4"]) await created(store, id, 0);
  expect(ids(await other.list({ prefix: 'q"' }))).toEqual(['q"\n2', 'q"1']);
  expect(ids(await other.list({ prefix: "q%" }))).toEqual(["q%3"]);
  expect(ids(await other.list({ prefix: "q\\" }))).toEqual(["q\\4"]);
}

async function hundredAtMost(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  for (let at = 0; at < 102; at++) await created(store, `r${at}`, 0);
  expect(await store.list({})).toHaveLength(100);
  expect(await store.list({ limit: 1000 })).toHaveLength(102);
}
