import {
  all,
  each,
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  runnable,
  speech,
} from "@orch/core";
import { DurableHost, memoryHost, memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { kept } from "../told-and-kept.ts";

const shown = (events: readonly OrchestrationEvent[]): string[] =>
  events.map(({ seq, type, path }) => `${seq} ${type} ${path}`);

async function read(run: Run<unknown>, from = 1): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events({ from })) events.push(event);
  return events;
}

describe("E19: a retry goes on with the numbers of events", () => {
  it("and tells run.retried and what is open again, live and recorded", async () => {
    let isBroken = true;
    const a = runnable("a", (n: number) => n);
    const b = runnable("b", (n: number) => {
      if (isBroken) throw new Error("down");
      return n;
    });
    const flow = orchestration("f", (o) => o.start(a).advance(a, b).finish(b));
    const host = memoryHost({ clock: manualClock() });
    const heard: OrchestrationEvent[] = [];
    flow.on("*", (event) => heard.push(event));
    const first = await read(flow.start(1, { host, runId: "r" }));
    isBroken = false;
    const again = await host.retry(flow, "r");
    const second = await read(again, first.at(-1)!.seq + 1);

    expect(shown(first).slice(-2)).toEqual(["6 state.failed f/b#1", "7 run.failed f"]);
    expect(shown(second)).toEqual([
      "8 run.retried f",
      "9 state.started f/b#1",
      "10 state.completed f/b#1",
      "11 run.completed f",
    ]);
    expect(second[1]).toMatchObject({ again: true, visit: 1, input: 1 });
    expect(await host.events(flow, "r")).toEqual([...first, ...second]);
    expect(await read(again)).toEqual([...first, ...second]);
    expect(heard).toEqual([...first, ...second]);
    const ended = await host.resume(flow, "r");
    expect(await read(ended, 8)).toEqual(second);
  });

  it("further: of a fan-out, once for each retry, and asks again what is open", async () => {
    let down = 2;
    const clock = manualClock();
    const store = memoryStore();
    const host = () => new DurableHost(store, { clock });
    const good = runnable("good", (n: number) => n);
    const bad = runnable("bad", async (n: number) => {
      await new Promise<void>((resolve) => clock.after(10, resolve));
      if (down-- > 0) throw new Error("down");
      return n;
    });
    const asks = question("asks", { ask: "Sure?", answer: z.boolean() });
    const three = all("three", { good, bad, asks });
    const flow = orchestration("f", (o) => o.start(three).finish(three));
    const told: OrchestrationEvent[] = [];
    const hear = { onEvent: (event: OrchestrationEvent) => void told.push(event) };
    let run: Run<unknown> = flow.start(1, { host: host(), runId: "r", ...hear });
    for (let tries = 0; tries < 2; tries++) {
      await clock.advance(2_000);
      await run.result.catch(() => {});
      run = await host().retry(flow, "r", hear);
    }
    await clock.advance(20);
    await run.answer("f/three#1[asks]/asks#1", true);
    expect(await run.result).toEqual({ good: 1, bad: 1, asks: true });

    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
    expect(await host().events(flow, "r")).toEqual(told);
    const retried = told.findIndex(({ type }) => type === "run.retried");
    expect(shown(told.slice(retried + 1, retried + 5)).map((one) => one.replace(/^\d+ /, ""))).toEqual([
      "state.started f/three#1",
      "state.started f/three#1[bad]/bad#1",
      "state.started f/three#1[asks]/asks#1",
      "question.asked f/three#1[asks]/asks#1",
    ]);
    expect(told.filter(({ type }) => type === "run.retried")).toHaveLength(2);
  });

  it("further: and keeps the attempts, the cost and the numbers over a cancel, a retry and a restart", async () => {
    const clock = manualClock();
    const store = memoryStore();
    const host = () => new DurableHost(store, { clock });
    const spends = runnable("spends", (n: number, ctx) => {
      ctx.spend({ cost: 0.01, inputTokens: 5 });
      return n;
    });
    const asks = question("asks", { ask: "Sure?", answer: z.boolean() });
    const flow = orchestration("f", (o) => o.start(spends).advance(spends, asks).finish(asks));
    const run = flow.start(1, { host: host(), runId: "r" });
    await clock.advance(0);
    await run.cancel("no");
    const retried = await host().retry(flow, "r");
    await clock.advance(0);
    await retried.suspend();
    const resumed = await host().resume(flow, "r");
    await clock.advance(0);
    await resumed.answer("f/asks#1", true);
    await resumed.result;
    const events = await host().events(flow, "r");

    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === "question.asked")).toHaveLength(2);
    expect(resumed.describe().spent).toEqual({ cost: 0.01, tokens: 5 });
    expect((await host().describe(flow, "r")).spent).toEqual({ cost: 0.01, tokens: 5 });
  });
});

describe("a recorded run", () => {
  it("costs what describe says, also when its process ended before its state did", async () => {
    const clock = manualClock();
    const store = memoryStore();
    const host = () => new DurableHost(store, { clock });
    const spends = runnable("spends", async (n: number, ctx) => {
      if (n < 2) ctx.spend({ cost: 0.01, inputTokens: 2 });
      await new Promise<void>((resolve) => clock.after(1_000, resolve));
      return n;
    });
    const many = each("many", spends);
    const flow = orchestration("f", (o) => o.start(many).finish(many));
    const run = flow.start([0, 1, 2], { host: host(), runId: "r" });
    await clock.advance(0);
    await run.suspend();
    const usage = (await host().events(flow, "r")).flatMap((event) =>
      event.type === "state.usage" ? [event.spending] : [],
    );

    expect(usage).toEqual([
      { cost: 0.01, inputTokens: 2 },
      { cost: 0.01, inputTokens: 2 },
    ]);
    expect((await host().describe(flow, "r")).spent).toEqual({ cost: 0.02, tokens: 4 });
    const resumed = await host().resume(flow, "r");
    await clock.advance(2_000);
    await resumed.result;
    // The states ran again and spent again, and all of it counts.
    expect(resumed.describe().spent).toEqual({ cost: 0.04, tokens: 8 });
    expect((await host().describe(flow, "r")).spent).toEqual({ cost: 0.04, tokens: 8 });
  });

  it("ends a run that had spent more than its budget when it was taken up", async () => {
    const clock = manualClock();
    const store = memoryStore();
    let lives = 0;
    const spends = runnable("spends", async (n: number, ctx) => {
      lives += 1;
      if (lives === 1) ctx.spend({ inputTokens: 60 });
      await new Promise<void>((resolve) => clock.after(1_000, resolve));
      return n;
    });
    const budgeted = (maxTokens: number) =>
      orchestration("f", (o) => o.start(spends).finish(spends), { budget: { maxTokens } });
    const run = budgeted(100).start(1, { host: new DurableHost(store, { clock }), runId: "r" });
    await clock.advance(0);
    await run.suspend();
    const less = await new DurableHost(store, { clock }).resume(budgeted(50), "r");
    await clock.advance(5_000);

    await expect(less.result).rejects.toMatchObject({ code: "ORCH_BUDGET" });
    expect(lives).toBeLessThanOrEqual(2);
  });

  it("counts attempts over a restart, and waits for the rest of the pause and no longer", async () => {
    const clock = manualClock();
    const store = memoryStore();
    const host = () => new DurableHost(store, { clock });
    const tried: [attempt: number, at: number][] = [];
    const begun = clock.now();
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 3, firstDelay: 1_000, factor: 1, jitter: false },
      invoke: (_: number, ctx): number => {
        tried.push([ctx.attempt, clock.now() - begun]);
        throw new Error("not yet");
      },
    });
    const flow = orchestration("f", (o) => o.start(flaky).finish(flaky));
    const told: OrchestrationEvent[] = [];
    let run: Run<unknown> = flow.start(1, { host: host(), runId: "r" });
    const readOn = async () => void told.push(...(await read(run, (told.at(-1)?.seq ?? 0) + 1)));
    for (let pauses = 0; pauses < 3; pauses++) {
      const reading = readOn();
      await clock.advance(400);
      await run.suspend();
      await reading;
      run = await host().resume(flow, "r");
    }
    const reading = readOn();
    await clock.advance(10_000);
    await reading;

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    expect(tried).toEqual([
      [1, 0],
      [2, 1_000],
      [3, 2_000],
    ]);
    expect(kept(told)).toEqual(await host().events(flow, "r"));
    const pauses = told.flatMap((event) =>
      event.type === "state.retrying" ? [[event.attempt, event.delay, event.error.message]] : [],
    );
    expect(pauses).toEqual([
      [1, 1_000, "not yet"],
      [2, 1_000, "not yet"],
    ]);
  });
});

describe("a reader that is too late or too slow", () => {
  const EVENTS = 25_000;
  const step = runnable("step", (n: number) => n + 1);
  const long = orchestration(
    "long",
    (o) =>
      o
        .start(step)
        .advance(step, step, { when: (n) => n < EVENTS / 3 })
        .finish(step),
    { maxSteps: EVENTS },
  );

  it.each(["step", "group", "end"] as const)(
    "gets every event from the journal, at level %s",
    async (level) => {
      const host = memoryHost({ durability: level });
      const run = long.start(0, { host, runId: "r" });
      const slow = run.events();
      const seen = [(await slow.next()).value as OrchestrationEvent];
      await run.result;
      for await (const event of slow) seen.push(event);

      expect(seen.length).toBeGreaterThan(EVENTS - 10);
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
      expect(seen).toEqual(await read(run));
      expect(seen.at(-1)).toMatchObject({ type: "run.completed" });
    },
  );

  it("is told which events it missed of a run in memory", async () => {
    const run = long.start(0);
    const slow = run.events();
    await slow.next();
    await run.result;
    const rest: OrchestrationEvent[] = [];
    for await (const event of slow) rest.push(event);
    const [missed, next] = rest;

    expect(missed).toMatchObject({ type: "events.missed", from: 2, runId: run.id, path: "long" });
    expect(next!.seq).toBe(missed!.seq + 1);
    expect((await read(run, 5))[0]).toMatchObject({ type: "events.missed", from: 5, to: missed!.seq });
    expect(rest.at(-1)).toMatchObject({ type: "run.completed" });
  });
});

describe("a journal of an earlier release, with numbers of live events in its records", () => {
  const work = runnable("work", async (n: number, ctx) => {
    ctx.emit(speech, "on it");
    return n;
  });
  const rest = runnable("rest", (n: number) => n);
  const flow = orchestration("flow", (o) => o.start(work).advance(work, rest).finish(rest));

  it("is gone on with after the last number that was told", async () => {
    const store = memoryStore();
    const host = new DurableHost(store, { clock: manualClock() });
    await flow.run(1, { host, runId: "now" });
    const { hash } = (await host.get("now"))!;
    const records = [
      { type: "started", at: 1, path: "flow", value: "1", more: '{"e":2}' },
      // The output of the state had the number 3, its spending 4.
      { type: "committed", at: 2, path: "flow/work#1", value: "1", more: '{"d":[[0,1]],"e":7}' },
    ] as const;
    const created = { runId: "old", orchestration: "flow", version: "1", hash, createdAt: 1 };
    const claim = await store.create(created, records, 2);
    if (claim !== "exists") await store.release([claim]);
    const told = await read(await host.resume(flow, "old"));

    expect(shown(told)).toEqual([
      "1 run.started flow",
      "2 state.started flow/work#1",
      "5 state.completed flow/work#1",
      "6 state.transition flow/work#1",
      "7 state.started flow/rest#1",
      "8 state.completed flow/rest#1",
      "9 run.completed flow",
    ]);
    expect(await host.events(flow, "old")).toEqual(told);
    expect(shown(await read(await host.resume(flow, "old"), 8))).toEqual(shown(told.slice(5)));
  });
});
