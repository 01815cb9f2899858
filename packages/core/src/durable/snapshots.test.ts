import { describe, expect, it } from "vitest";
import { manualClock } from "../../../testing/src/clock/manual-clock.ts";
import { seededRandom } from "../../../testing/src/sweep/seeded-random.ts";
import { watchedStore } from "../../test/watched-store.ts";
import {
  dossier,
  type OrchestrationEvent,
  orchestration,
  question,
  race,
  runnable,
  type Schema,
} from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import type { DurableHostOptions } from "./durable-host-options.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const STEPS = 40;

/** Counts to `STEPS`, keeps what it counted with the run, and asks. */
function counting(version = "1", stop = STEPS) {
  const desk = dossier<{ counted: readonly number[] }>("desk", {
    counted: (before, added) => [...before, ...added],
  });
  const step = runnable("step", async (value: number, ctx) => {
    ctx.spend({ inputTokens: 1 });
    return value + 1;
  });
  const ask = question<number>("ask", { ask: (value) => ({ value }), answer: anything });
  const tell = runnable(
    "tell",
    (answer: unknown, ctx) => `${answer} after ${desk.of(ctx).get("counted").join()}`,
  );
  return orchestration<number, string>(
    "counting",
    (o) =>
      o
        .start(step)
        .advance(step, step, {
          when: (value) => value < stop,
          add: desk.add((value: number) => ({ counted: [value] })),
        })
        .advance(step, ask)
        .advance(ask, tell)
        .finish(tell),
    { version },
  );
}
const flow = counting();

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A run that waits for its answer, with a snapshot. */
async function parked(options: DurableHostOptions = { snapshotAfter: 10 }): Promise<JournalStore> {
  const store = memoryStore();
  const run = flow.start(0, { host: new DurableHost(store, options), runId: "r" });
  while (run.status !== "waiting") await turn();
  await run.suspend();
  return store;
}

/** Answers and resumes in a process of its own, and tells how that went. */
async function goOn(store: JournalStore, of = flow): Promise<object> {
  const host = new DurableHost(store);
  const told: OrchestrationEvent[] = [];
  const [open] = await host.questions(of, "r");
  const before = await host.describe(of, "r");
  const run = await new DurableHost(store).resume(of, "r");
  const listening = (async () => {
    for await (const event of run.events()) told.push(event);
  })();
  while (run.status !== "waiting") await turn();
  await run.answer(open!.id, "yes");
  const output = await run.result;
  await listening;
  const plain = ({ time: _time, ...event }: OrchestrationEvent): object => ({ ...event, duration: 0 });
  const kept = (await host.events(of, "r")).map(plain);
  expect(told.filter((event) => !("part" in event)).map(plain)).toEqual(kept);
  return { open: { ...open, askedAt: 0 }, before: { ...before, questions: [] }, output, events: kept };
}

describe("a run that rests", () => {
  it("is taken up by its snapshot, and goes on as from its beginning", async () => {
    const { store, read } = watchedStore(await parked());
    await new DurableHost(store).questions(flow, "r");
    expect(read()).toBeLessThan(5);

    expect(await goOn(await parked())).toEqual(await goOn(await parked({ snapshotAfter: Infinity })));
  });

  it("has no snapshot before that saves something, and never where none is wanted", async () => {
    expect(await (await parked({})).snapshot!("r")).toBeUndefined();
    expect(await (await parked({ snapshotAfter: Infinity })).snapshot!("r")).toBeUndefined();
    expect(() => new DurableHost(memoryStore(), { snapshotAfter: 0 })).toThrow(/snapshotAfter/);
  });

  it("gets one while it waits, and one while a state works for long", async () => {
    const store = memoryStore();
    const run = flow.start(0, { host: new DurableHost(store, { snapshotAfter: 10 }), runId: "r" });
    while (run.status !== "waiting") await turn();
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(await store.snapshot!("r")).toMatch(/^\d+ \[/);
    await run.suspend();

    const clock = manualClock();
    const slow = memoryStore();
    const never = runnable("never", () => new Promise<string>(() => {}));
    const step = runnable("step", (value: number) => value + 1);
    const working = orchestration<number, string>("working", (o) =>
      o
        .start(step)
        .advance(step, step, { when: (value) => value < STEPS })
        .advance(step, never)
        .finish(never),
    );
    const host = new DurableHost(slow, { snapshotAfter: 10, clock, lease: 3_000 });
    working.start(0, { host, runId: "r" }).result.catch(() => {});
    for (let renewals = 0; renewals < 2; renewals++) await clock.advance(1_000);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(await slow.snapshot!("r")).toBeDefined();
    await host.close();
  });

  it("has none while something in it is being stopped", async () => {
    const clock = manualClock();
    const store = memoryStore();
    const quick = runnable("quick", () => "first");
    const deaf = runnable("deaf", (_: unknown) => new Promise<string>(() => {}));
    const faster = race("faster", { deaf, quick });
    const ask = question<unknown>("ask", { ask: () => "go on?", answer: anything });
    const stops = orchestration<string, unknown>("stops", (o) =>
      o.start(faster).advance(faster, ask).finish(ask),
    );
    const host = (): DurableHost => new DurableHost(store, { snapshotAfter: 1, clock });
    const turns = async (): Promise<void> => {
      for (let count = 0; count < 20; count++) await turn();
    };
    const begun = stops.start("go", { host: host(), runId: "r", grace: 500 });
    begun.result.catch(() => {});
    await turns();
    expect(begun.describe().open).toMatchObject([{ path: "stops/faster#1[deaf]/deaf#1" }]);
    await begun.suspend();
    expect(await store.snapshot!("r")).toBeUndefined();

    const run = await host().resume(stops, "r", { grace: 500 });
    run.result.catch(() => {});
    await turns();
    await clock.advance(500);
    while (run.status !== "waiting") await turn();
    await run.suspend();
    expect(await store.snapshot!("r")).toBeDefined();
  });
});

describe("a snapshot that is", () => {
  const calm = async (): Promise<object> => goOn(await parked({ snapshotAfter: Infinity }));

  it("damaged anywhere changes nothing", async () => {
    const random = seededRandom(7);
    const right = await calm();
    for (let time = 0; time < 80; time++) {
      const store = await parked();
      const text = (await store.snapshot!("r"))!;
      const place = Math.floor(random() * text.length);
      const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
      const digit = digits[Math.floor(random() * digits.length)]!;
      const letter = String.fromCharCode(32 + Math.floor(random() * 90));
      const damaged = [
        `${text.slice(0, digit)}${(Number(text[digit]) + 1) % 10}${text.slice(digit + 1)}`,
        `${text.slice(0, place)}${letter}${text.slice(place + 1)}`,
        text.slice(0, place),
        text.slice(place),
      ];
      await store.putSnapshot!("r", time % 2 === 0 ? damaged[0]! : damaged[time % damaged.length]!);
      expect(await goOn(store)).toEqual(right);
    }
  });

  it("older than the journal is gone on from", async () => {
    /** A run of two lives, with the snapshot of the first. */
    const twice = async (snapshotAfter: number): Promise<JournalStore> => {
      const store = memoryStore();
      const run = flow.start(0, { host: new DurableHost(store, { snapshotAfter }), runId: "r" });
      while ((await store.get("r"))?.records !== STEPS / 2) await Promise.resolve();
      await run.suspend();
      const old = await store.snapshot!("r");
      const again = await new DurableHost(store, { snapshotAfter }).resume(flow, "r");
      while (again.status !== "waiting") await turn();
      await again.suspend();
      if (old !== undefined) await store.putSnapshot!("r", old);
      return store;
    };
    const store = await twice(10);
    const { store: counted, read } = watchedStore(store);
    await new DurableHost(counted).questions(flow, "r");
    const { records } = (await store.get("r"))!;
    expect(read()).toBeGreaterThan(10);
    expect(read()).toBeLessThan(records - 10);
    expect(await goOn(store)).toEqual(await goOn(await twice(Infinity)));
  });

  it("of another definition or another run counts as absent", async () => {
    const right = await calm();
    const { store: known, read } = watchedStore(await parked());
    expect(await goOn(known, counting("2"))).toEqual(right);
    expect(read()).toBeGreaterThan(2 * STEPS);

    // A run of the same definition that began with another input.
    const other = memoryStore();
    const begun = flow.start(0.5, { host: new DurableHost(other, { snapshotAfter: 10 }), runId: "r" });
    while (begun.status !== "waiting") await turn();
    await begun.suspend();
    const store = await parked();
    await store.putSnapshot!("r", (await other.snapshot!("r"))!);
    expect(await goOn(store)).toEqual(right);
  });

  it("lost, or cannot be read, changes nothing", async () => {
    const right = await calm();
    const store = await parked();
    const broken: JournalStore = {
      ...store,
      snapshot: () => {
        throw new TypeError("no snapshots today");
      },
      putSnapshot: async () => {
        throw new TypeError("nor tomorrow");
      },
    };
    expect(await goOn(broken)).toEqual(right);
  });
});

it("a run that was retried after its snapshot is read from its beginning, and has another one when it rests", async () => {
  const store = memoryStore();
  const host = new DurableHost(store, { snapshotAfter: 1 });
  let fails = true;
  const ask = question<string>("ask", { ask: (about) => about, answer: anything });
  const last = runnable("last", () => {
    if (fails) throw new RangeError("not yet");
    return new Promise<string>(() => {});
  });
  const failing = orchestration<string, string>("failing", (o) =>
    o.start(ask).advance(ask, last).finish(last),
  );
  const run = failing.start("sure?", { host, runId: "r" });
  run.result.catch(() => {});
  while (run.status !== "waiting") await turn();
  for (let turns = 0; turns < 20; turns++) await turn();
  const old = await store.snapshot!("r");
  expect(old).toBeDefined();
  await run.answer("failing/ask#1", "yes");
  await expect(run.result).rejects.toThrow("not yet");
  fails = false;
  const again = await host.retry(failing, "r");
  again.result.catch(() => {});
  await turn();
  await again.suspend();

  const later = await store.snapshot!("r");
  const readBy = async (snapshot: string): Promise<number> => {
    await store.putSnapshot!("r", snapshot);
    const { store: counted, read } = watchedStore(store);
    const resumed = await new DurableHost(counted, { snapshotAfter: Infinity }).resume(failing, "r");
    resumed.result.catch(() => {});
    expect(resumed.describe().open).toMatchObject([{ path: "failing/last#1" }]);
    await resumed.suspend();
    return read();
  };
  expect(await readBy(old!)).toBeGreaterThanOrEqual((await store.get("r"))!.records);
  expect(await readBy(later!)).toBe(1);
});
