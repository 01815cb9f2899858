/** What was kept for a run that nobody drove: in which order it is taken, and what a new version of the definition makes of it. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DurableHost } from "../../src/durable/durable-host.ts";
import type { JournalStore } from "../../src/durable/journal-store.ts";
import { memoryStore } from "../../src/durable/memory-store.ts";
import {
  all,
  exit,
  type Migrate,
  type Orchestration,
  orchestration,
  question,
  race,
  runnable,
  signal,
  until,
} from "../../src/index.ts";

const paid = signal("paid", z.string());

/** Starts a run, and leaves it as soon as it waits. */
async function parked(flow: Orchestration<undefined, unknown>): Promise<JournalStore> {
  const store = memoryStore();
  const run = flow.start(undefined, { host: new DurableHost(store), runId: "r" });
  for await (const { type } of run.events()) if (type === "run.waiting") break;
  await run.suspend();
  return store;
}

describe("P14: what was kept for a run", () => {
  const asks = question<undefined, string>("asks", { ask: "?", answer: z.string() });
  const wait = until<undefined, string>("waits", { signal: paid });
  const alarm = exit("alarm", asks, { when: () => true });
  const both = all("both", { alarm, wait });
  const exits = orchestration<undefined, unknown>("f", (o) => o.start(both).finish(both, alarm));
  const first = race("first", { asks, wait });
  const races = orchestration<undefined, unknown>("f", (o) => o.start(first).finish(first));

  it.each([
    ["that the answer ends", exits, "f/both#1[alarm]/alarm#1/asks#1"],
    ["with a race", races, "f/first#1[asks]/asks#1"],
  ] as const)("%s: the answer counts, also when a signal was kept before it", async (_, flow, id) => {
    const host = new DurableHost(await parked(flow));
    await host.signal(flow, "r", paid, "one");
    await host.answer(flow, "r", id, "stop");

    expect(await (await host.resume(flow, "r")).result).toBe("stop");
    expect((await host.events(flow, "r")).map(({ type }) => type)).toContain("question.answered");
  });
});

describe("P14: an answer to what a state asked before it was taken up", () => {
  const isText = z.string();
  const work = Promise.withResolvers<boolean>();
  let isAgain = false;
  const asks = runnable("asks", async (_: undefined, ctx) => {
    if (isAgain && !(await work.promise)) return "nothing";
    isAgain = true;
    return ctx.ask({ prompt: "?", answer: isText });
  });
  const flow = orchestration("f", (o) => o.start(asks).finish(asks));

  it("waits until the state asks it again", async () => {
    const host = new DurableHost(await parked(flow));
    const [question] = await host.questions(flow, "r");
    const run = await host.resume(flow, "r");
    const answer = run.answer(question!.id, "yes");
    work.resolve(true);
    await answer;

    expect(await run.result).toBe("yes");
  });
});

describe("P14: what was kept for a run whose question has another name in the next version", () => {
  const say = runnable("say", (text: string) => `${text}!`);
  const migrate: Migrate = (records) =>
    records.map((record) => ({ ...record, path: record.path.replace("/asks#", "/begs#") }));
  const named = (id: string, options = {}) => {
    const asks = question<undefined, string>(id, { ask: "?", answer: z.string() });
    return orchestration<undefined, string>(
      "f",
      (o) => o.start(asks).advance(asks, say).finish(say),
      options,
    );
  };
  const [before, after] = [named("asks"), named("begs", { version: "2", migrate })];

  it("is not dropped: the new version refuses to go on before it writes anything, and the old one uses it", async () => {
    const store = await parked(before);
    const host = new DurableHost(store);
    await host.answer(before, "r", "f/asks#1", "yes");
    const written = JSON.stringify(await store.load("r"));

    await expect(host.resume(after, "r")).rejects.toMatchObject({
      code: "ORCH_UNUSED_ANSWER",
      facts: { question: "f/asks#1", version: "2" },
    });
    expect(JSON.stringify(await store.load("r"))).toBe(written);
    expect(await (await host.resume(before, "r")).result).toBe("yes!");
  });

  it("does not keep the new version from cancelling the run", async () => {
    const host = new DurableHost(await parked(before));
    await host.answer(before, "r", "f/asks#1", "yes");
    await host.cancel(after, "r", "enough");

    expect((await host.get("r"))?.status).toBe("cancelled");
  });

  it("is no hindrance once it was taken: the new version goes on", async () => {
    const store = await parked(before);
    const host = new DurableHost(store);

    const run = await host.resume(after, "r");
    await run.answer("f/begs#1", "yes");
    expect(await run.result).toBe("yes!");
    await expect(host.resume(before, "r")).rejects.toMatchObject({ code: "ORCH_VERSION_MISMATCH" });
  });
});
