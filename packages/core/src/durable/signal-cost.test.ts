/** What one signal costs a run that is long, or that has received many. */
import { expect, it } from "vitest";
import { orchestration, runnable, type Schema, signal, until } from "../index.ts";
import { DurableHost } from "./durable-host.ts";
import type { JournalStore } from "./journal-store.ts";
import { memoryStore } from "./memory-store.ts";

const text: Schema<string> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: String(value) }) },
};
const note = signal("note", text, { limit: 5_000 });
const STEPS = 100_000;

const step = runnable("step", (value: number) => value + 1);
const wait = until<number, string>("wait", { signal: note });
const again = runnable("again", (value: unknown) => JSON.stringify(value));

/** Counts to `steps`, and waits for a note, and for another one. */
const flowOf = (steps: number) =>
  orchestration<number, string>(
    "noted",
    (o) =>
      o
        .start(step)
        .advance(step, step, { when: (value) => value < steps })
        .advance(step, wait)
        .advance(wait, again)
        .advance(again, step, { when: (value) => !value.includes("last"), convert: () => steps })
        .finish(again),
    { maxSteps: 10 * STEPS },
  );

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store that counts the records and the requests that are read from it. */
function counting(store: JournalStore): {
  readonly store: JournalStore;
  readonly read: () => number;
} {
  let read = 0;
  return {
    store: {
      ...store,
      load: async (...given) => {
        const records = await store.load(...given);
        read += records?.length ?? 0;
        return records;
      },
      requests: async (runId) => {
        const requests = await store.requests(runId);
        read += requests.length;
        return requests;
      },
      undecided: async (runId) => {
        const undecided = await store.undecided!(runId);
        read += undecided.requests.length;
        return undecided;
      },
    },
    read: () => read,
  };
}

/** A run of so many steps that waits for a note. */
async function waiting(steps: number) {
  const { store, read } = counting(memoryStore());
  const flow = flowOf(steps);
  const run = flow.start(0, { host: new DurableHost(store), runId: "r" });
  run.result.catch(() => {});
  while (run.status !== "waiting") await turn();
  for (let turns = 0; turns < 20; turns++) await turn();
  return { store, read, flow, run };
}

it("a signal to a run of 100,000 steps reads what is new, whether or not another process drives the run", async () => {
  const { store, read, flow, run } = await waiting(STEPS);
  const host = new DurableHost(store);
  const cost = async (of: DurableHost): Promise<number> => {
    const before = read();
    await of.signal(flow, "r", note, "more");
    return read() - before;
  };
  expect(await cost(host)).toBeLessThan(20);
  expect(await cost(host)).toBeLessThan(20);
  await run.suspend();
  expect(await cost(host)).toBeLessThan(20);
  expect(await cost(new DurableHost(store))).toBeLessThan(20);

  const resumed = await new DurableHost(store).resume(flow, "r");
  await resumed.signal(note, "last");
  expect(await resumed.result).toContain("last");
});

it("a signal to a run that has received many reads those that are not decided", async () => {
  const { store, read, flow, run } = await waiting(10);
  const host = new DurableHost(store);
  const reads: number[] = [];
  for (let sent = 0; sent < 200; sent++) {
    const before = read();
    await host.signal(flow, "r", note, `note ${sent}`);
    reads.push(read() - before);
  }
  expect(Math.max(...reads.slice(100))).toBeLessThanOrEqual(2 * Math.max(...reads.slice(0, 100)));
  expect(Math.max(...reads)).toBeLessThan(60);
  await host.signal(flow, "r", note, "last");
  expect(await run.result).toContain("last");
});
