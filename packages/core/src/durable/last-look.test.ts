import { expect, it } from "vitest";
import { watchedStore } from "../../test/watched-store.ts";
import { orchestration, question, runnable, type Schema } from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const ask = question<string>("ask", { ask: (topic) => ({ topic }), answer: anything });
const tell = runnable("tell", (answer: unknown) => `told ${answer}`);
const again = question<unknown>("again", { ask: () => "again?", answer: anything });
const flow = orchestration<string, string>("f", (o) =>
  o.start(ask).advance(ask, again).advance(again, tell).finish(tell),
);

/** A store that counts how often a journal is read. */
function counting(store: JournalStore): { readonly store: JournalStore; readonly loads: () => number } {
  let loads = 0;
  const load: JournalStore["load"] = (...given) => {
    loads += 1;
    return store.load(...given);
  };
  return { store: { ...store, load }, loads: () => loads };
}

async function parked(): Promise<JournalStore> {
  const store = memoryStore();
  const run = flow.start("tides", { host: new DurableHost(store), runId: "r" });
  while (run.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
  await run.suspend();
  return store;
}

it("a run is read once by one who lists its questions, answers one and takes it up", async () => {
  const { store, loads } = counting(await parked());
  const host = new DurableHost(store);
  const [open] = await host.questions(flow, "r");
  // What is given away is a copy.
  (open!.prompt as { topic: string }).topic = "changed";
  await host.answer(flow, "r", open!.id, "yes");
  const run = await host.resume(flow, "r");
  expect(loads()).toBe(1);
  while (run.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
  await run.answer("f/again#1", "no");
  expect(await run.result).toBe("told no");
  expect(await host.events(flow, "r")).toContainEqual(
    expect.objectContaining({ type: "question.asked", prompt: { topic: "tides" } }),
  );
});

it("a run that went on elsewhere is read again", async () => {
  const store = await parked();
  const host = new DurableHost(store);
  expect(await host.questions(flow, "r")).toMatchObject([{ id: "f/ask#1" }]);
  const other = await new DurableHost(store).resume(flow, "r");
  await other.answer("f/ask#1", "yes");
  while (other.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
  await other.suspend();
  expect(await host.questions(flow, "r")).toMatchObject([{ id: "f/again#1" }]);
  await host.answer(flow, "r", "f/again#1", "b");
  expect(await (await host.resume(flow, "r")).result).toBe("told b");
});

it("a run that was removed and made anew is read again", async () => {
  const store = await parked();
  const host = new DurableHost(store);
  await host.questions(flow, "r");
  await host.delete("r");
  const run = flow.start("waves", { host: new DurableHost(store), runId: "r" });
  while (run.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
  await run.suspend();
  expect(await host.questions(flow, "r")).toMatchObject([{ prompt: { topic: "waves" } }]);
});

it("a run that went on elsewhere is read from where it was, and one that was retried meanwhile from its beginning", async () => {
  const steps = 300;
  const step = runnable("step", (value: number) => value + 1);
  const stop = question<number>("stop", { ask: (value) => ({ value }), answer: anything });
  let fails = true;
  const more = runnable("more", (_: unknown) => {
    if (fails) throw new RangeError("not yet");
    return 0;
  });
  const last = runnable("last", (value: number) => value);
  const long = orchestration<number, number>(
    "long",
    (o) =>
      o
        .start(step)
        .advance(step, step, { when: (value) => value < steps })
        .advance(step, stop)
        .advance(stop, more)
        .advance(more, last, { when: (value) => value > 0 })
        .advance(more, step)
        .finish(last),
    { maxSteps: 10 * steps },
  );
  const { store, read: records } = watchedStore(memoryStore());
  const driver = new DurableHost(store, { snapshotAfter: Infinity });
  const run = long.start(0, { host: driver, runId: "r" });
  run.result.catch(() => {});
  const waits = async (): Promise<void> => {
    while (run.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
  };
  await waits();
  const host = new DurableHost(store);
  const before = records();
  expect(await host.questions(long, "r")).toMatchObject([{ id: "long/stop#1" }]);
  expect(records() - before).toBeGreaterThan(steps);

  fails = false;
  await run.answer("long/stop#1", "go on");
  await waits();
  const since = records();
  expect(await host.questions(long, "r")).toMatchObject([{ id: "long/stop#2" }]);
  expect(records() - since).toBeLessThan(steps + 10);
  expect(await host.questions(long, "r")).toEqual(await new DurableHost(store).questions(long, "r"));

  fails = true;
  await run.answer("long/stop#2", "fail");
  await expect(run.result).rejects.toThrow("not yet");
  fails = false;
  const again = await driver.retry(long, "r");
  again.result.catch(() => {});
  while (again.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
  const retried = records();
  expect(await host.questions(long, "r")).toMatchObject([{ id: "long/stop#3" }]);
  expect(records() - retried).toBeGreaterThan(2 * steps);
  await driver.close();
});
