/** Rule 27: a store that is locked or full pauses a run and does not end it. */
import { manualClock } from "@orch/testing";
import { faultyStore, type StoreFaults } from "@orch/testing/conformance";
import { describe, expect, it } from "vitest";
import { DurableHost, type JournalStore, memoryStore } from "../../src/host.ts";
import {
  all,
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  runnable,
  type Schema,
  sleep,
} from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const LEVELS = ["step", "group", "end"] as const;
const WHYS = ["locked", "full"] as const;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two branches of which one asks and one makes something once, then a sleep and a last state. */
function busy() {
  const made: string[] = [];
  const q = question<string>("q", { ask: "Well?", answer: anything });
  const effect = runnable("effect", async (text: string, ctx) => {
    await ctx.once("pay", () => made.push("pay"));
    return `${text} paid`;
  });
  const both = all("both", { q, effect });
  const nap = sleep<unknown>("nap", 20);
  const end = runnable("end", (value: unknown) => {
    made.push("end");
    return JSON.stringify(value);
  });
  const flow = orchestration<string, string>("busy", (o) =>
    o
      .start(both as never)
      .advance(both as never, nap as never)
      .advance(nap as never, end as never)
      .finish(end as never),
  );
  return { flow, made };
}

/** Drives a run to its end: answers what it asks, and moves the clock. */
async function drive(
  run: Run<string>,
  clock: ReturnType<typeof manualClock>,
  seen: Set<string> = new Set(),
): Promise<string> {
  let end: string | undefined;
  const result = run.result.then((value) => {
    end = value;
  });
  for (let rounds = 0; end === undefined && rounds < 500; rounds++) {
    await Promise.race([turn(), result]);
    seen.add(run.status);
    const [open] = run.questions;
    if (open !== undefined) void run.answer(open.id, "yes").catch(() => {});
    else await clock.advance(5);
  }
  await result;
  return end!;
}

async function played(store: JournalStore, durability: (typeof LEVELS)[number]) {
  const clock = manualClock();
  const host = new DurableHost(store, { clock, durability });
  const { flow, made } = busy();
  const events: OrchestrationEvent[] = [];
  const statuses = new Set<string>();
  const run = flow.start("x", { host, runId: "r", onEvent: (event) => events.push(event) });
  const end = await drive(run, clock, statuses);
  const records = await store.load("r");
  await host.close();
  return {
    end,
    made,
    events,
    statuses,
    records: records!.flatMap(({ type, path, value }) =>
      type === "waiting" ? [] : `${type} ${path} ${/\d{9}/.test(value ?? "") ? "" : value}`,
    ),
  };
}

describe.each(LEVELS)("a store that is locked or full for a while, at level %s", (durability) => {
  it("P16: pauses the run at every write, and nothing is lost, doubled or told twice", async () => {
    const plain = faultyStore(memoryStore(), { at: Number.POSITIVE_INFINITY });
    const right = await played(plain, durability);
    const kept = ({ part }: OrchestrationEvent): boolean => part === undefined;
    let paused = 0;
    for (let at = 1; at <= plain.writes(); at++) {
      for (const [nth, why] of WHYS.entries()) {
        const faults: StoreFaults = { at, pauses: { why, tries: 1 + (at % 4) }, later: nth === at % 2 };
        const run = await played(faultyStore(memoryStore(), faults), durability);

        expect(run.end).toBe(right.end);
        expect(run.made).toEqual(right.made);
        expect(run.records.toSorted()).toEqual(right.records.toSorted());
        expect(run.events.filter(kept).map(({ seq }) => seq)).toEqual(
          run.events.filter(kept).map((_, index) => index + 1),
        );
        const parts = run.events
          .filter(({ part }) => part !== undefined)
          .map(({ seq, part }) => `${seq}.${part}`);
        expect(new Set(parts).size).toBe(parts.length);
        const told = run.events.flatMap(({ type }) =>
          type === "run.paused" || type === "run.continued" ? type : [],
        );
        expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? "run.paused" : "run.continued")));
        if (run.statuses.has("paused")) paused += 1;
      }
    }
    expect(paused).toBeGreaterThan(0);
  });
});

/** A host over a store that cannot be written from the third write on, until the test says so. */
async function stuck(durability: (typeof LEVELS)[number] = "step") {
  const clock = manualClock();
  const inner = memoryStore();
  let isLocked = false;
  let tries = 0;
  const locked = <TResult>(act: () => TResult): TResult => {
    if (!isLocked) return act();
    tries += 1;
    throw Object.assign(new Error("The place is locked.\n  Fix: wait"), { pauses: "locked" });
  };
  const store: JournalStore = {
    ...inner,
    append: (batch) => locked(() => inner.append(batch)),
    release: (claims) => locked(() => inner.release(claims)),
    renew: (claims, until) => locked(() => inner.renew(claims, until)),
    create: (run, records, until) => locked(() => inner.create(run, records, until)),
  };
  const host = new DurableHost(store, { clock, durability });
  const calls: string[] = [];
  const a = runnable("a", (text: string) => {
    calls.push("a");
    isLocked = true;
    return `${text}a`;
  });
  const b = runnable("b", (text: string) => {
    calls.push("b");
    return `${text}b`;
  });
  const flow = orchestration<string, string>("flow", (o) => o.start(a).advance(a, b).finish(b));
  const events: OrchestrationEvent[] = [];
  const run = flow.start("x", { host, runId: "r", onEvent: (event) => events.push(event) });
  for (let turns = 0; turns < 20; turns++) await turn();
  const unlock = (): void => {
    isLocked = false;
  };
  return {
    clock,
    inner,
    host,
    flow,
    run,
    events,
    calls,
    unlock,
    tries: () => tries,
    lock: () => (isLocked = true),
  };
}

describe("a paused run", () => {
  it("says so and why, can be read, and goes on by itself without a step in between", async () => {
    const { clock, host, flow, run, events, calls, unlock, tries } = await stuck();
    expect(run.status).toBe("paused");
    expect(run.describe()).toMatchObject({ status: "paused", paused: { reason: "The place is locked." } });
    expect(await host.describe(flow, "r")).toMatchObject({
      status: "paused",
      paused: { reason: "The place is locked." },
    });
    expect(await host.get("r")).toMatchObject({ status: "running", records: 1 });
    expect(events.at(-1)).toMatchObject({ type: "run.paused", reason: "The place is locked.", path: "flow" });
    expect(calls).toEqual(["a"]);
    // Waits get longer, up to a second.
    await clock.advance(60_000);
    expect(tries()).toBeGreaterThan(55);
    expect(tries()).toBeLessThan(160);
    expect(run.status).toBe("paused");
    unlock();
    await clock.advance(1_000);

    expect(await run.result).toBe("xab");
    expect(calls).toEqual(["a", "b"]);
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("run."))).toEqual([
      "run.started",
      "run.paused",
      "run.continued",
      "run.completed",
    ]);
    await host.close();
  });

  it.each(LEVELS)(
    "can be cancelled, which is kept when the store can be written again, at level %s",
    async (durability) => {
      const { clock, inner, run, unlock, host } = await stuck(durability);
      const cancelled = run.cancel("enough");
      await clock.advance(2_000);
      unlock();
      await clock.advance(2_000);
      await cancelled;

      expect(["cancelled", "completed"]).toContain(run.status);
      expect((await inner.get("r"))?.status).toBe(run.status);
      if (durability === "step") expect(run.status).toBe("cancelled");
      await host.close();
    },
  );

  it("can be suspended at once, and resumed from the last record that was written", async () => {
    const { clock, inner, host, flow, run, calls, unlock } = await stuck();
    await run.suspend();
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_NOT_WRITTEN", cause: { pauses: "locked" } });
    unlock();
    const resumed = host.resume(flow, "r");
    await clock.advance(1_000);
    const again = await resumed;
    unlock();
    await clock.advance(1_000);

    expect(await again.result).toBe("xab");
    expect(calls).toEqual(["a", "a", "b"]);
    expect((await inner.load("r"))!.map(({ type }) => type)).toEqual([
      "started",
      "committed",
      "committed",
      "done",
    ]);
    await host.close();
  });

  it("does not hold up the end of its host, which says what is not written", async () => {
    const { host, run } = await stuck();
    const closed = host.close();
    await expect(closed).rejects.toMatchObject({
      code: "ORCH_NOT_WRITTEN",
      facts: { runId: "r", runs: [{ runId: "r", records: 1 }] },
      message: expect.stringContaining('"r" (1 records)'),
    });
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_NOT_WRITTEN" });
  });

  it("begins when the store can be written, with a claim that holds from then on", async () => {
    const { clock, inner, host, flow, run, unlock, lock } = await stuck();
    const second = flow.start("y", { host, runId: "s" });
    await turn();
    expect(second.status).toBe("paused");
    await clock.advance(100_000);
    unlock();
    while ((await inner.get("s")) === undefined) await clock.advance(10);
    expect((await inner.get("s"))!.holder!.until).toBeGreaterThan(clock.now());
    lock();
    unlock();
    while (run.status === "paused" || second.status === "paused") {
      unlock();
      await clock.advance(500);
    }
    unlock();
    await clock.advance(5_000);
    expect([await run.result, await second.result]).toEqual(["xab", "yab"]);
    await host.close();
  });

  it("is fenced when another process took it over meanwhile", async () => {
    const { clock, inner, run, unlock, host } = await stuck();
    // The lease is over, and was not renewed.
    await clock.advance(40_000);
    const taken = inner.claim("r", clock.now(), clock.now() + 30_000);
    expect(taken).toMatchObject({ kind: "claimed" });
    unlock();
    await clock.advance(1_000);

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_FENCED" });
    expect(await inner.load("r")).toHaveLength(1);
    await host.close();
  });

  it("is no run whose store fails for another reason", async () => {
    const store = faultyStore(memoryStore(), { at: 2 });
    const a = runnable("a", (text: string) => text);
    const flow = orchestration("flow", (o) => o.start(a).finish(a));
    const run = flow.start("x", { host: new DurableHost(store) });

    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_NOT_WRITTEN",
      cause: { code: "ORCH_FAULT" },
    });
  });
});
