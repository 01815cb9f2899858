/** What was kept for a run that nobody drove: in which order it is taken, and what a new version of the definition makes of it. */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DurableHost } from "../../src/durable/durable-host.ts";
import type { JournalStore } from "../../src/durable/journal-store.ts";
import { memoryStore } from "../../src/durable/memory-store.ts";
import {
  all,
  circuit,
  exit,
  FatalError,
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
  const flow = orchestration<undefined, unknown>("f", (o) => o.start(both).finish(both, alarm));

  it("is taken in the order in which it came: a signal before the answer that ends the run", async () => {
    const host = new DurableHost(await parked(flow));
    await host.signal(flow, "r", paid, "one");
    await host.answer(flow, "r", "f/both#1[alarm]/alarm#1/asks#1", "stop");

    expect(await (await host.resume(flow, "r")).result).toBe("stop");
    const told = (await host.events(flow, "r")).map(({ type }) => type);
    expect(told.filter((type) => type === "signal.received" || type === "question.answered")).toEqual([
      "signal.received",
      "question.answered",
    ]);
  });

  it("begins nothing before the run is taken up, and what it closes is not shown as a question", async () => {
    let begun = 0;
    const other = question<undefined, string>("other", { ask: "?", answer: z.string() });
    const pick = race("pick", { asks, other });
    const pay = runnable("pay", (text: string) => `${text} ${++begun}`);
    const sale = orchestration<undefined, string>("f", (o) => o.start(pick).advance(pick, pay).finish(pay));
    const host = new DurableHost(await parked(sale));
    const ids = async (): Promise<string[]> => (await host.questions(sale, "r")).map(({ id }) => id);
    const [mine, others] = ["f/pick#1[asks]/asks#1", "f/pick#1[other]/other#1"];

    expect(await ids()).toEqual([mine, others]);
    await host.answer(sale, "r", mine, "yes");
    expect(await ids()).toEqual([]);
    await expect(host.answer(sale, "r", others, "no")).rejects.toMatchObject({ facts: { by: "race" } });
    expect(begun).toBe(0);
    expect(await (await host.resume(sale, "r")).result).toBe("yes 1");
  });

  it("is kept with the calls of the store that it always took, where nothing was kept before", async () => {
    const calls: string[] = [];
    const store = await parked(flow);
    const counted = new Proxy(store, {
      get: (target, name) => {
        calls.push(String(name));
        return Reflect.get(target, name);
      },
    });
    const host = new DurableHost(counted);
    const [question] = await host.questions(flow, "r");
    calls.length = 0;
    await host.answer(flow, "r", question!.id, "stop");

    expect(calls).toEqual(["get", "keep"]);
  });

  it("is judged anew when another process kept something since its host looked", async () => {
    const other = question<undefined, string>("other", { ask: "?", answer: z.string() });
    const pick = race("pick", { asks, other });
    const sale = orchestration<undefined, string>("f", (o) => o.start(pick).finish(pick));
    const store = await parked(sale);
    const host = new DurableHost(store);
    const [mine, others] = await host.questions(sale, "r");
    await new DurableHost(store).answer(sale, "r", others!.id, "faster");

    await expect(host.answer(sale, "r", mine!.id, "late")).rejects.toMatchObject({ facts: { by: "race" } });
    await expect(host.answer(sale, "r", others!.id, "again")).rejects.toMatchObject({
      code: "ORCH_ALREADY_ANSWERED",
    });
  });

  it("counts also for a state that asked, when an answer after it closes its question before it asks again", async () => {
    const inside = runnable("inside", (_: undefined, ctx) => ctx.ask({ prompt: "?", answer: z.string() }));
    const pick = race("pick", { asks, inside });
    const sale = orchestration<undefined, string>("f", (o) => o.start(pick).finish(pick));
    const host = new DurableHost(await parked(sale));
    const question = "f/pick#1[inside]/inside#1/question";
    await host.answer(sale, "r", question, "first");
    await host.answer(sale, "r", "f/pick#1[asks]/asks#1", "second");

    expect(await (await host.resume(sale, "r")).result).toBe("second");
    expect(await host.events(sale, "r")).toContainEqual(
      expect.objectContaining({ type: "question.answered", question, answer: "first" }),
    );
    await expect(host.answer(sale, "r", question, "third")).rejects.toMatchObject({
      code: "ORCH_ALREADY_ANSWERED",
    });
  });
});

describe("a question of a run that is being cancelled", () => {
  it("is closed for another process too, while the state that asked does not stop", async () => {
    const clock = manualClock();
    const stubborn = runnable("stubborn", async (_: undefined, ctx) => {
      await ctx.ask({ prompt: "?", answer: z.string() }).catch(() => {});
      return new Promise<string>(() => {});
    });
    const flow = orchestration<undefined, string>("f", (o) => o.start(stubborn).finish(stubborn));
    const store = memoryStore();
    const run = flow.start(undefined, { host: new DurableHost(store, { clock }), runId: "r", grace: 1_000 });
    for await (const { type } of run.events()) if (type === "run.waiting") break;
    const cancelled = run.cancel("enough");
    await clock.advance(1);
    const other = new DurableHost(store, { clock });

    expect(await other.questions(flow, "r")).toEqual([]);
    await expect(other.answer(flow, "r", "f/stubborn#1/question", "late")).rejects.toMatchObject({
      code: "ORCH_QUESTION_CLOSED",
      facts: { by: "cancelled", reason: "enough" },
    });
    await clock.advance(1_000);
    await cancelled;
  });
});

describe("P14: an answer to what a state asked before it was taken up", () => {
  const isText = z.string();
  /** A run that is taken up, whose state works before it asks again, if it does, and an answer that came before that. */
  async function answeredEarly() {
    const work = Promise.withResolvers<boolean>();
    let isAgain = false;
    const asks = runnable("asks", async (_: undefined, ctx) => {
      if (isAgain && !(await unlessAborted(work.promise, ctx.signal))) return "nothing";
      isAgain = true;
      return ctx.ask({ prompt: "?", answer: isText });
    });
    const flow = orchestration("f", (o) => o.start(asks).finish(asks));
    const host = new DurableHost(await parked(flow));
    const [question] = await host.questions(flow, "r");
    const run = await host.resume(flow, "r");
    const answer = run.answer(question!.id, "yes");
    answer.catch(() => {});
    return { run, answer, work };
  }

  it("waits until the state asks it again", async () => {
    const { run, answer, work } = await answeredEarly();
    work.resolve(true);
    await answer;

    expect(await run.result).toBe("yes");
  });

  it("is refused when the state ends without asking it again", async () => {
    const { run, answer, work } = await answeredEarly();
    work.resolve(false);

    expect(await run.result).toBe("nothing");
    await expect(answer).rejects.toMatchObject({ code: "ORCH_UNKNOWN_QUESTION" });
  });

  it("is refused when the run is cancelled before that, and keeps no cancellation waiting", async () => {
    const { run, answer } = await answeredEarly();
    await run.cancel("enough");

    expect(run.status).toBe("cancelled");
    await expect(answer).rejects.toMatchObject({ code: "ORCH_UNKNOWN_QUESTION" });
  });

  it("is refused when the run is suspended before that: the next process takes another one", async () => {
    const { run, answer } = await answeredEarly();
    await run.suspend();

    await expect(answer).rejects.toMatchObject({ code: "ORCH_SUSPENDED" });
  });
});

/** Waits for a promise, or until the state is given up. */
function unlessAborted<TValue>(promise: Promise<TValue>, abort: AbortSignal): Promise<TValue> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  abort.addEventListener("abort", () => reject(abort.reason), { once: true });
  return Promise.race([promise, aborted]);
}

describe("P14: what a circuit asked ends with its run", () => {
  const breaks = runnable("breaks", async (_: undefined): Promise<string> => {
    throw new FatalError("no money");
  });
  const flow = orchestration<undefined, string>("f", (o) => o.start(breaks).finish(breaks), {
    onTerminal: circuit(),
  });

  it("which is cancelled while no process drives it: it is not shown, and an answer is refused", async () => {
    const store = await parked(flow);
    await new DurableHost(store).cancel(flow, "r", "enough");
    const host = new DurableHost(store);

    expect(await host.questions(flow, "r")).toEqual([]);
    await expect(host.answer(flow, "r", "f/circuit#1", "go on")).rejects.toMatchObject({
      code: "ORCH_QUESTION_CLOSED",
      facts: { by: "cancelled" },
    });
  });

  it("also where an answer was kept before: the cancellation counts after it, and no second answer is taken", async () => {
    const store = await parked(flow);
    const host = new DurableHost(store);
    await host.answer(flow, "r", "f/circuit#1", "go on");
    await expect(host.answer(flow, "r", "f/circuit#1", "stop")).rejects.toMatchObject({
      code: "ORCH_ALREADY_ANSWERED",
    });
    await host.cancel(flow, "r", "enough");

    expect((await host.get("r"))?.status).toBe("cancelled");
    const told = (await host.events(flow, "r")).map(({ type }) => type);
    expect(told).toContain("question.answered");
    expect(told.at(-1)).toBe("run.cancelled");
    expect(await host.questions(flow, "r")).toEqual([]);
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
