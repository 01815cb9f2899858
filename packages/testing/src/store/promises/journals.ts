/** A store's promises about the records of a run. */
import type { AnswerRequest, Claim, JournalRecord, JournalStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import type { OpenedStores } from "../opened-stores.ts";
import { aRun, created, LARGE, record } from "./sample-runs.ts";

/** Registers the tests of these promises. */
export function journalPromises(stores: OpenedStores<JournalStore>): void {
  describe("a journal", () => {
    it("gives its records in order, from any number on", () => readInOrder(stores));
    it.each([1, 2, 4, 100])(
      "of two records refuses more from number %i on, and keeps nothing of the batch",
      (from) => refusesWrongNumber(stores, from),
    );
    it("keeps every text as it is", () => keepsTexts(stores));
    it("keeps the time of a record to the digit", () => keepsTimes(stores));
    it("shares nothing with who wrote it or read it", () => sharesNothing(stores));
  });
}

async function readInOrder(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 1);
  for (let at = 2; at <= 10; at += 3) {
    const records = [at, at + 1, at + 2].map((one) => record(one));
    expect(await store.append([{ claim, from: at, records }])).toEqual([]);
  }
  const all = Array.from({ length: 10 }, (_, index) => record(index + 1));
  const other = await stores.second();
  expect(await other.load("r")).toEqual(all);
  expect(await other.load("r", 4)).toEqual(all.slice(3));
  expect(await other.load("r", 10)).toEqual(all.slice(9));
  expect(await other.load("r", 11)).toEqual([]);
}

async function refusesWrongNumber(stores: OpenedStores<JournalStore>, from: number): Promise<void> {
  const store = await stores.fresh();
  const claim = await created(store, "r", 2);
  const fine = await created(store, "fine", 1);
  const wrong = { claim, from, records: [record(3)] };
  await expect((async () => store.append([wrong]))()).rejects.toMatchObject({
    code: "ORCH_JOURNAL_POSITION",
    facts: { runId: "r", from, records: 2 },
  });
  const other = await created(store, "other", 1);
  const batch = [
    { claim: fine, from: 2, records: [record(2)], status: "failed" as const },
    { claim: other, from: 2, records: [record(2)] },
    wrong,
  ];
  await expect((async () => store.append(batch))()).rejects.toMatchObject({
    code: "ORCH_JOURNAL_POSITION",
  });
  expect(await store.load("r")).toEqual([record(1), record(2)]);
  expect(await store.get("fine")).toMatchObject({ records: 1, status: "running" });
  const after = { claim: other, from: 3, records: [record(3)] };
  await expect((async () => store.append([after]))()).rejects.toMatchObject({
    code: "ORCH_JOURNAL_POSITION",
    facts: { runId: "other", from: 3, records: 1 },
  });
  expect(await store.append([{ claim, from: 3, records: [record(3)] }])).toEqual([]);
}

async function keepsTexts(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const texts = [
    "",
    " ",
    "null",
    '"x"',
    "{}",
    "naïve 日本語 👩‍👩‍👧",
    "\u0000\u001b[31m\r\n\u2028",
    "a\u0000b",
    "\ufeff",
    "\ud800",
    "x\udfff",
    LARGE,
    LARGE.slice(1),
    `${LARGE}\ud800`,
    `é${LARGE}`,
  ];
  const records = texts.flatMap((text): JournalRecord[] => [
    { ...record(1), value: text },
    { ...record(1), more: text },
    { ...record(1), value: text, more: text },
  ]);
  const claim = await created(store, "r", 0);
  await store.append([{ claim, from: 1, records: records.slice(0, 20) }]);
  for (const [index, one] of records.slice(20).entries()) {
    await store.append([{ claim, from: 21 + index, records: [one] }]);
  }
  expect(await (await stores.second()).load("r")).toEqual([...records]);
}

async function keepsTimes(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const times = [0, 1.5, 1_767_225_600_000.25, 8.64e15, -1];
  await store.create(
    aRun("r"),
    times.map((at) => record(at)),
    1,
  );
  expect((await (await stores.second()).load("r"))?.map((one) => one.at)).toEqual(times);
}

async function sharesNothing(stores: OpenedStores<JournalStore>): Promise<void> {
  const store = await stores.fresh();
  const mine = { ...record(1), value: "1" } as { value: string };
  const run = { ...aRun("r"), origin: { runId: "p", record: 1 } };
  const records = [mine as unknown as JournalRecord];
  const claim = (await store.create(run, records, 100)) as Claim;
  mine.value = "2";
  records.push(record(2));
  run.origin.record = 9;
  const read = (await store.load("r")) as JournalRecord[];
  (read[0] as { value: string }).value = "3";
  read.length = 0;
  ((await store.get("r")) as { status: string }).status = "failed";
  const value = { deep: [1] };
  await store.offer("r", { type: "answer", question: "q", value, at: 1 }, 1);
  value.deep.push(2);
  const offered = async (): Promise<AnswerRequest> =>
    (await store.requests("r"))[0]!.request as AnswerRequest;
  ((await offered()).value as unknown as typeof value).deep.push(3);
  expect(await store.load("r")).toEqual([{ ...record(1), value: "1" }]);
  expect(await store.get("r")).toMatchObject({
    status: "running",
    records: 1,
    origin: { runId: "p", record: 1 },
  });
  expect((await offered()).value).toEqual({ deep: [1] });
  expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([]);
}
