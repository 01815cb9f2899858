/** Snapshots of runs that rest with branches open: what goes on from one is what goes on from all records. */
import { describe, expect, it } from "vitest";
import { budget, figure } from "../../../../scripts/lanes.ts";
import { seededRandom } from "../../../testing/src/sweep/seeded-random.ts";
import { watchedStore } from "../../test/watched-store.ts";
import {
  all,
  choose,
  each,
  type OrchestrationEvent,
  orchestration,
  question,
  race,
  runnable,
  type Schema,
  sharedState,
  signal,
  until,
} from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import type { DurableHostOptions } from "./durable-host-options.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const STEPS = 30;
const votes = sharedState("votes", {
  yes: { start: 0, reduce: (sum: number, more: number) => sum + more },
  last: { start: "nobody" },
});
const note = signal("note", anything);

const ask = question<unknown>("ask", { ask: (about) => ({ about }), answer: anything });
const count = runnable("count", async (item: number, ctx) => {
  ctx.state(votes).add("yes", 1);
  return item;
});
/** One item: counted, asked about, and put to the vote. */
const review = orchestration<number, string>("review", (o) => {
  const told = runnable("told", (answer: unknown, ctx) => {
    ctx.state(votes).add("yes", 10);
    return `${answer}`;
  });
  return o.start(count).advance(count, ask).advance(ask, told).finish(told);
});
const reviews = each("reviews", review, { concurrency: 2 });
const chosen = choose("chosen", { asking: ask, other: runnable("other", () => "other") }, () => "asking");
const setting = runnable("setting", (_: unknown, ctx) => {
  ctx.state(votes).set("last", "setting");
  return "set";
});
const late = orchestration<unknown, unknown>("late", (o) => {
  const set = runnable("set", (_: unknown, ctx) => {
    ctx.state(votes).set("last", "late");
    return "late";
  });
  return o.start(ask).advance(ask, set).finish(set);
});
const failing = runnable("failing", () => {
  throw new RangeError("one of them fails");
});
const step = runnable("step", (value: number) => value + 1);
const inner = race("inner", { first: ask, second: until("second", { signal: note }) });
const parts = all(
  "parts",
  {
    reviews,
    chosen,
    setting,
    late,
    failing,
    inner,
    quick: step,
  } as never,
  { settled: true },
);
const flow = orchestration<number, unknown>("branches", (o) =>
  o
    .start(step)
    .advance(step, step, { when: (value) => value < STEPS })
    .advance(step, parts, { convert: () => [1, 2, 3, 4] as never })
    .finish(parts),
);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const ASKED = 7;

/** A run that waits in all its branches. */
async function parked(options: DurableHostOptions = { snapshotAfter: 5 }): Promise<JournalStore> {
  const store = memoryStore();
  const run = flow.start(0, { host: new DurableHost(store, options), runId: "r" });
  run.result.catch(() => {});
  while (run.describe().questions.length < ASKED) await turn();
  while (run.status !== "waiting") await turn();
  await run.suspend();
  return store;
}

/** Goes on in a process of its own, answers one after another, and tells how that went. */
async function goOn(store: JournalStore): Promise<object> {
  const host = new DurableHost(store, { snapshotAfter: Infinity });
  const open = await host.questions(flow, "r");
  const before = await host.describe(flow, "r");
  const run = await new DurableHost(store, { snapshotAfter: 3 }).resume(flow, "r");
  const told: OrchestrationEvent[] = [];
  const listening = (async () => {
    for await (const event of run.events()) told.push(event);
  })();
  while (run.status !== "waiting") await turn();
  await run.signal(note, "noted");
  for (const { id } of open.filter(({ path }) => !path.includes("inner"))) await run.answer(id, `to ${id}`);
  const output = await run.result;
  await listening;
  const plain = ({ time: _time, ...event }: OrchestrationEvent): object => ({ ...event, duration: 0 });
  const events = (await host.events(flow, "r")).map(plain);
  expect(told.filter((event) => !("part" in event)).map(plain)).toEqual(events);
  return {
    open: open.map((one) => ({ ...one, askedAt: 0 })),
    before: { ...before, questions: [] },
    output,
    events,
  };
}

const calm = async (): Promise<object> => goOn(await parked({ snapshotAfter: Infinity }));

describe("a run that rests with branches open", () => {
  it("is taken up by its snapshot, and goes on as from its beginning", async () => {
    const { store, read } = watchedStore(await parked());
    await new DurableHost(store).questions(flow, "r");
    expect(read()).toBeLessThan(5);
    const right = (await calm()) as { readonly output: { readonly late: object } };
    expect(right).toMatchObject({
      output: {
        reviews: { value: [1, 2, 3, 4].map((_, at) => expect.stringContaining(`reviews#1[${at}]`)) },
        failing: { status: "failed", error: { cause: { message: "one of them fails" } } },
        // Another branch beside it has set the value.
        late: { status: "failed", error: { cause: { code: "ORCH_STATE_CONFLICT" } } },
        inner: { value: { by: "signal", value: "noted" } },
      },
    });
    expect(await goOn(await parked())).toEqual(right);
  });

  it("is taken up again and again, with some of them done", async () => {
    const once = async (snapshotAfter: number): Promise<unknown> => {
      const store = await parked({ snapshotAfter });
      for (;;) {
        const { store: counted, read } = watchedStore(store);
        const host = new DurableHost(counted, { snapshotAfter });
        const [open] = (await host.questions(flow, "r")).toReversed();
        expect(read() < 10).toBe(snapshotAfter === 1);
        if (open === undefined) return undefined;
        const run = await host.resume(flow, "r");
        run.result.catch(() => {});
        while (run.status !== "waiting") await turn();
        await run.answer(open.id, `to ${open.id}`);
        const where = async (): Promise<string> => (await store.get("r"))!.status;
        while ((await where()) === "running") await turn();
        if ((await where()) === "completed") return [await run.result, (await store.get("r"))!.records];
        await run.suspend();
      }
    };
    const right = await once(Infinity);
    expect(await once(1)).toEqual(right);
  });
});

describe("a snapshot of branches that is", () => {
  it("damaged anywhere changes nothing", async () => {
    const random = seededRandom(11);
    const right = await calm();
    const times = budget("damagedSnapshots");
    for (let time = 0; time < times; time++) {
      const store = await parked();
      const text = (await store.snapshot!("r"))!;
      const place = Math.floor(random() * text.length);
      const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
      const digit = digits[Math.floor(random() * digits.length)]!;
      const damaged = [
        `${text.slice(0, digit)}${(Number(text[digit]) + 1) % 10}${text.slice(digit + 1)}`,
        `${text.slice(0, place)}${String.fromCharCode(32 + Math.floor(random() * 90))}${text.slice(place + 1)}`,
        text.slice(0, place),
        text.slice(place),
      ];
      await store.putSnapshot!("r", time % 2 === 0 ? damaged[0]! : damaged[time % damaged.length]!);
      expect(await goOn(store)).toEqual(right);
    }
    figure(`${times} damaged snapshots of open branches changed nothing`);
  });

  it("older than the journal is gone on from", async () => {
    /** A run of two lives, in the first of which a branch was answered, with the snapshot of before. */
    const twice = async (snapshotAfter: number): Promise<JournalStore> => {
      const store = await parked({ snapshotAfter });
      const old = await store.snapshot!("r");
      const run = await new DurableHost(store, { snapshotAfter }).resume(flow, "r");
      run.result.catch(() => {});
      while (run.status !== "waiting") await turn();
      await run.answer("branches/parts#1[reviews]/reviews#1[2]/review#1/ask#1", "early");
      while (run.status !== "waiting") await turn();
      await run.suspend();
      if (old !== undefined) await store.putSnapshot!("r", old);
      return store;
    };
    const { store, read } = watchedStore(await twice(5));
    await new DurableHost(store).questions(flow, "r");
    expect(read()).toBeLessThan(20);
    expect(await goOn(await twice(5))).toEqual(await goOn(await twice(Infinity)));
  });

  it("of another run, or lost, changes nothing", async () => {
    const right = await calm();
    const other = memoryStore();
    const begun = flow.start(0.5, { host: new DurableHost(other, { snapshotAfter: 5 }), runId: "r" });
    begun.result.catch(() => {});
    while (begun.describe().questions.length < ASKED) await turn();
    await begun.suspend();
    const store = await parked();
    await store.putSnapshot!("r", (await other.snapshot!("r"))!);
    expect(await goOn(store)).toEqual(right);

    const lost = await parked();
    expect(await goOn({ ...lost, snapshot: () => undefined })).toEqual(right);
  });
});
