/** What every store of runs does, as tests. */
import type { Claim, JournalRecord, JournalStore, NewRun, StoredRun } from "@orch/core/host";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { StoreModel, StoreSubject, storeSteps } from "./store-model.ts";

/** A store of runs to be tried, and how to reach what it keeps a second time. */
export interface StoreUnderTest {
  readonly store: JournalStore;
  /** Another store on the same data, as another process would make it. Absent where nothing outlives the store. */
  readonly another?: () => JournalStore | Promise<JournalStore>;
  /** Called after the test; the store and the others are closed by then. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** How thoroughly a store is tried. */
export interface StoreConformanceOptions {
  /** How many random sequences of calls are compared with the model. Default 100. */
  readonly sequences?: number;
}

/**
 * Describes the tests that a `JournalStore` passes, in vitest. `make` gives a fresh, empty store each time.
 *
 * @example
 * ```ts
 * describe("memoryStore", () => storeConformance(() => ({ store: memoryStore() })));
 * ```
 */
export function storeConformance(
  make: () => StoreUnderTest | Promise<StoreUnderTest>,
  options: StoreConformanceOptions = {},
): void {
  let under: StoreUnderTest | undefined;
  let opened: JournalStore[] = [];
  const fresh = async (): Promise<JournalStore> => {
    under = await make();
    opened = [under.store];
    return under.store;
  };
  /** A second handle, or the first where there is no other. */
  const second = async (): Promise<JournalStore> => {
    const store = await under?.another?.();
    if (store === undefined) return opened[0]!;
    opened.push(store);
    return store;
  };
  const done = async (): Promise<void> => {
    for (const store of opened) await store.close();
    await under?.cleanUp?.();
    under = undefined;
    opened = [];
  };
  afterEach(done);

  describe("a run", () => {
    it("is created with its first records, once", async () => {
      const store = await fresh();
      const run = { ...aRun("r"), origin: { runId: "parent", record: 3 } };
      expect(await store.create(run, [record(1), record(2)], 100)).toEqual({
        runId: "r",
        epoch: expect.any(Number),
      });
      const other = await second();
      expect(await other.create({ ...run, version: "other" }, [record(9)], 200)).toBe("exists");
      expect(await other.load("r")).toEqual([record(1), record(2)]);
      expect(await other.get("r")).toEqual({
        ...run,
        status: "running",
        updatedAt: 2,
        records: 2,
        holder: { name: expect.any(String), until: 100 },
      });
    });

    it("is created together with others as it is alone", async () => {
      const store = await fresh();
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
      const other = await second();
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
    });

    it("that is not there is said so", async () => {
      const store = await fresh();
      expect(await store.load("r")).toBeUndefined();
      expect(await store.get("r")).toBeUndefined();
      expect(await store.answers("r")).toEqual([]);
      expect(await store.claim("r", 1, 2)).toEqual({ kind: "unknown" });
      expect(await store.delete("r", 1)).toBe("unknown");
      expect(await store.putAnswer("r", { questionId: "q", value: 1, at: 1 })).toBe("unknown");
      const never = { runId: "r", epoch: 1 };
      expect(await store.append([{ claim: never, from: 1, records: [record(1)] }])).toEqual([never]);
      expect(await store.renew([never], 5)).toEqual([never]);
      await store.release([never]);
    });

    it("may have any name, and no two names are one", async () => {
      const store = await fresh();
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
      const other = await second();
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
    });

    it("shows its status and when its next timer is due, as they were last said", async () => {
      const store = await fresh();
      const claim = await created(store, "r", 1);
      await store.append([{ claim, from: 2, records: [record(5)], status: "waiting", dueAt: 70 }]);
      expect(await store.get("r")).toMatchObject({ status: "waiting", dueAt: 70, records: 2, updatedAt: 5 });
      await store.append([{ claim, from: 3, records: [record(6)] }]);
      expect(await store.get("r")).toMatchObject({ status: "waiting", dueAt: 70, records: 3, updatedAt: 6 });
      await store.append([{ claim, from: 4, records: [], dueAt: 0 }]);
      expect(await store.get("r")).toMatchObject({ status: "waiting", dueAt: 0, records: 3 });
      await store.append([{ claim, from: 4, records: [record(7)], status: "completed", dueAt: null }]);
      const other = await second();
      expect(await other.get("r")).not.toHaveProperty("dueAt");
      expect(await other.get("r")).toMatchObject({ status: "completed", records: 4 });
    });

    it("is removed with all that belongs to it, unless somebody drives it", async () => {
      const store = await fresh();
      const claim = await created(store, "r", 1);
      await store.append([{ claim, from: 2, records: [{ ...record(2), value: LARGE }] }]);
      await store.putAnswer("r", { questionId: "q", value: 1, at: 1 });
      await created(store, "other", 1);
      expect(await (await second()).delete("r", 99)).toBe("held");
      expect(await store.load("r")).toHaveLength(2);
      expect(await (await second()).delete("r", 100)).toBe("deleted");
      expect(await store.get("r")).toBeUndefined();
      expect(await store.append([{ claim, from: 3, records: [record(3)] }])).toEqual([claim]);
      await created(store, "r", 1);
      expect(await store.append([{ claim, from: 2, records: [record(3)] }])).toEqual([claim]);
      expect(await store.answers("r")).toEqual([]);
      expect(await store.load("r")).toEqual([record(1)]);
      expect(await store.load("other")).toEqual([record(1)]);
    });
  });

  describe("a journal", () => {
    it("gives its records in order, from any number on", async () => {
      const store = await fresh();
      const claim = await created(store, "r", 1);
      for (let at = 2; at <= 10; at += 3) {
        const records = [at, at + 1, at + 2].map((one) => record(one));
        expect(await store.append([{ claim, from: at, records }])).toEqual([]);
      }
      const all = Array.from({ length: 10 }, (_, index) => record(index + 1));
      const other = await second();
      expect(await other.load("r")).toEqual(all);
      expect(await other.load("r", 4)).toEqual(all.slice(3));
      expect(await other.load("r", 10)).toEqual(all.slice(9));
      expect(await other.load("r", 11)).toEqual([]);
    });

    it.each([1, 2, 4, 100])(
      "of two records refuses more from number %i on, and keeps nothing of the batch",
      async (from) => {
        const store = await fresh();
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
      },
    );

    it("keeps every text as it is", async () => {
      const store = await fresh();
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
      expect(await (await second()).load("r")).toEqual([...records]);
    });

    it("keeps the time of a record to the digit", async () => {
      const store = await fresh();
      const times = [0, 1.5, 1_767_225_600_000.25, 8.64e15, -1];
      await store.create(
        aRun("r"),
        times.map((at) => record(at)),
        1,
      );
      expect((await (await second()).load("r"))?.map((one) => one.at)).toEqual(times);
    });

    it("shares nothing with who wrote it or read it", async () => {
      const store = await fresh();
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
      await store.putAnswer("r", { questionId: "q", value, at: 1 });
      value.deep.push(2);
      ((await store.answers("r"))[0]!.value as unknown as typeof value).deep.push(3);
      expect(await store.load("r")).toEqual([{ ...record(1), value: "1" }]);
      expect(await store.get("r")).toMatchObject({
        status: "running",
        records: 1,
        origin: { runId: "p", record: 1 },
      });
      expect(await store.answers("r")).toEqual([{ questionId: "q", value: { deep: [1] }, at: 1 }]);
      expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([]);
    });
  });

  describe("a claim", () => {
    it("keeps others out until its time is over", async () => {
      const store = await fresh();
      await created(store, "r", 1);
      const other = await second();
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
    });

    it("that was taken over writes nothing more, and does not keep others from writing", async () => {
      const store = await fresh();
      const old = await created(store, "r", 1);
      const fine = await created(store, "fine", 1);
      const other = await second();
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
      // A wrong number under a claim that is gone is not a mistake of whoever writes: others may have written since.
      expect(await store.append([{ claim: old, from: 7, records: [record(2)] }])).toEqual([old]);
      expect(await store.append([{ claim: old, from: 2, records: [], status: "failed" }])).toEqual([old]);
      expect(await other.get("r")).toMatchObject({ records: 1, status: "running", holder: { until: 200 } });
      expect(await other.get("fine")).toMatchObject({ records: 2, status: "waiting" });
      expect(await other.append([{ claim, from: 2, records: [record(3)] }])).toEqual([]);
      expect(await store.load("r")).toEqual([record(1), record(3)]);
    });

    it("still writes after its time, as long as nobody has taken over", async () => {
      const store = await fresh();
      const claim = await created(store, "r", 1);
      expect(await store.append([{ claim, from: 2, records: [record(500)] }])).toEqual([]);
    });

    it("is prolonged while it holds, and those that do not are told", async () => {
      const store = await fresh();
      const [one, two] = [await created(store, "one", 1), await created(store, "two", 1)];
      const other = await second();
      await other.claim("two", 100, 200);
      expect(await store.renew([one, two], 500)).toEqual([two]);
      expect(await other.claim("one", 499, 600)).toMatchObject({ kind: "held", holder: { until: 500 } });
      expect(await other.claim("two", 199, 600)).toMatchObject({ kind: "held", holder: { until: 200 } });
    });

    it("can be let go at any time, and nothing is written under it afterwards", async () => {
      const store = await fresh();
      const claim = await created(store, "r", 1);
      await store.release([claim]);
      const other = await second();
      expect(await other.get("r")).not.toHaveProperty("holder");
      expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([claim]);
      expect(await other.claim("r", 1, 100)).toMatchObject({ kind: "claimed" });
      await store.release([claim]);
      expect(await store.claim("r", 2, 100)).toMatchObject({ kind: "held" });
    });

    it.each(["completed", "failed", "cancelled"] as const)(
      "ends with the records that say that the run has %s",
      async (status) => {
        const store = await fresh();
        const claim = await created(store, "r", 1);
        const fine = await created(store, "fine", 1);
        const batch = [
          { claim, from: 2, records: [record(2)] },
          { claim, from: 3, records: [record(3)], status },
          { claim, from: 4, records: [record(4)] },
          { claim: fine, from: 2, records: [record(2)], status: "waiting" as const },
        ];
        expect(await store.append(batch)).toEqual([claim]);
        const other = await second();
        expect(await other.load("r")).toEqual([record(1), record(2), record(3)]);
        expect(await other.get("r")).not.toHaveProperty("holder");
        expect(await other.get("fine")).toHaveProperty("holder");
        expect(await store.append([{ claim, from: 4, records: [record(4)] }])).toEqual([claim]);
        expect(await store.renew([claim], 500)).toEqual([claim]);
        await store.release([claim]);
        expect(await other.claim("r", 1, 100)).toMatchObject({ kind: "claimed" });
      },
    );

    it("writes through whichever handle, also to a run that was removed and made anew elsewhere", async () => {
      const store = await fresh();
      await created(store, "r", 1);
      const other = await second();
      expect(await other.delete("r", 100)).toBe("deleted");
      const claim = await created(other, "r", 1);
      expect(await store.append([{ claim, from: 2, records: [record(2)] }])).toEqual([]);
      expect(await store.append([{ claim, from: 3, records: [], status: "waiting" }])).toEqual([]);
      expect(await other.load("r")).toEqual([record(1), record(2)]);
    });

    it("goes to one of many who ask at once", async () => {
      const store = await fresh();
      await created(store, "r", 1);
      const stores = [store, await second(), await second()];
      const results = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => stores[index % 3]!.claim("r", 100, 200)),
      );
      expect(results.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
    });
  });

  describe("a list", () => {
    const ids = (runs: readonly StoredRun[]): string[] => runs.map((run) => run.runId);

    it("has the runs that fit all conditions, the one created last first", async () => {
      const store = await fresh();
      for (let at = 1; at <= 6; at++) {
        const run = { ...aRun(`r${at}`), orchestration: at % 2 === 0 ? "even" : "odd", createdAt: at };
        const claim = (await store.create(run, [record(at * 10)], 1000)) as Claim;
        const status = (["running", "waiting", "completed"] as const)[at % 3]!;
        await store.append([
          { claim, from: 2, records: [record(at * 10)], status, dueAt: at === 3 ? null : at * 100 },
        ]);
      }
      const other = await second();
      expect(ids(await other.list({}))).toEqual(["r6", "r5", "r4", "r3", "r2", "r1"]);
      expect(ids(await other.list({ limit: 2 }))).toEqual(["r6", "r5"]);
      expect(ids(await other.list({ orchestration: "odd" }))).toEqual(["r5", "r3", "r1"]);
      expect(ids(await other.list({ status: "waiting" }))).toEqual(["r4", "r1"]);
      expect(ids(await other.list({ status: ["waiting", "completed"] }))).toEqual(["r5", "r4", "r2", "r1"]);
      expect(ids(await other.list({ status: [] }))).toEqual([]);
      expect(ids(await other.list({ dueBefore: 400 }))).toEqual(["r4", "r2", "r1"]);
      expect(ids(await other.list({ updatedBefore: 30 }))).toEqual(["r2", "r1"]);
      expect(
        ids(await other.list({ status: "waiting", dueBefore: 300, updatedBefore: 60, limit: 5 })),
      ).toEqual(["r1"]);
      expect(ids(await other.list({ orchestration: "neither" }))).toEqual([]);
    });

    it("has a hundred runs unless it is asked for more", async () => {
      const store = await fresh();
      for (let at = 0; at < 102; at++) await created(store, `r${at}`, 0);
      expect(await store.list({})).toHaveLength(100);
      expect(await store.list({ limit: 1000 })).toHaveLength(102);
    });
  });

  describe("an answer", () => {
    it("counts when it is the first to its question, from whichever process", async () => {
      const store = await fresh();
      await created(store, "r", 1);
      const other = await second();
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
    });

    it("is any JSON value, to a question of any name", async () => {
      const store = await fresh();
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
      expect(await (await second()).answers("r")).toEqual(
        values.map((value, index) => ({ questionId: `q${index}\\\ud800"`, value, at: index })),
      );
    });

    it("that could change an object's prototype is refused, and not kept", async () => {
      const store = await fresh();
      await created(store, "r", 1);
      const value = Object.defineProperty({}, "__proto__", { value: { admin: true }, enumerable: true });
      await expect(
        (async () => store.putAnswer("r", { questionId: "q", value, at: 1 }))(),
      ).rejects.toMatchObject({
        code: "ORCH_JSON",
      });
      expect(await store.answers("r")).toEqual([]);
    });
  });

  it("closes twice, and what was written is there for whoever opens it again", async () => {
    const store = await fresh();
    await created(store, "r", 3);
    if (under?.another === undefined) {
      await store.close();
      await store.close();
      return;
    }
    await store.close();
    await store.close();
    const next = await second();
    expect(await next.load("r")).toEqual([record(1), record(2), record(3)]);
    // Its claims ended with it.
    expect(await next.claim("r", 1, 2)).toMatchObject({ kind: "claimed" });
  });

  it("behaves as a store that is right by reading it, whatever is called in whatever order", async () => {
    await fc.assert(
      fc
        .asyncProperty(storeSteps(), async (steps) => {
          const first = await fresh();
          const subject = new StoreSubject([first, await second()]);
          const model = new StoreModel();
          let now = 0;
          for (const step of steps) {
            now += step.after;
            const got = await subject.call(step, now, (claim) => model.next(claim));
            expect(got, JSON.stringify(step)).toEqual(model.expect(step.step, now));
          }
        })
        .afterEach(done),
      { numRuns: options.sequences ?? 100 },
    );
  });
}

/** Larger than what a store keeps among small things. */
const LARGE = JSON.stringify("x".repeat(1_000_000));

function aRun(runId: string): NewRun {
  return { runId, orchestration: "o", version: "1", hash: "abc", createdAt: 1 };
}

function record(at: number): JournalRecord {
  return { type: "committed", at, path: `o/step#${at}`, value: `{"at":${at}}` };
}

/** Creates a run with so many records, claimed until 100. */
async function created(store: JournalStore, runId: string, records: number): Promise<Claim> {
  const first = Array.from({ length: records }, (_, index) => record(index + 1));
  const claim = await store.create(aRun(runId), first, 100);
  expect(claim).not.toBe("exists");
  return claim as Claim;
}
