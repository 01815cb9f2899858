import { manualClock } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { memoryHost } from "../durable/memory-host.ts";
import {
  all,
  choose,
  each,
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  question,
  type RunContext,
  runnable,
} from "../index.ts";
import { recordRun } from "./record-run.ts";
import type { RecordedRun } from "./recorded-run.ts";

async function eventsOf<TInput>(
  flow: Orchestration<TInput, unknown>,
  input: TInput,
  answer?: unknown,
): Promise<OrchestrationEvent[]> {
  const run = flow.start(input, { clock: manualClock() });
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) {
    events.push(event);
    if (event.type === "run.waiting") await run.answer(event.questions[0]!, answer);
  }
  return events;
}

const states = (run: RecordedRun): object =>
  Object.fromEntries(Object.values(run.states).map(({ place, visits, status }) => [place, [visits, status]]));

const search = runnable("search", (query: string, ctx: RunContext) => {
  ctx.spend({ inputTokens: 10, outputTokens: 2, cost: 0.5 });
  if (query === "bad") throw new Error("no");
  return query;
});
const inner = orchestration("inner", (o) => o.start(search).finish(search));

it("gathers visits, tokens and money by state, whichever item of a list they were for", async () => {
  const many = each("many", inner);
  const flow = orchestration("flow", (o) => o.start(many).finish(many));
  const record = recordRun(await eventsOf(flow, ["a", "b", "c"]));
  expect(record).toMatchObject({ orchestration: "flow", status: "completed", tokens: 36, cost: 1.5 });
  expect(Object.values(record.states)).toMatchObject([
    { place: "flow/many", kind: "each", visits: 1, tokens: 36, cost: 1.5 },
    { place: "flow/many[]/inner", kind: "orchestration", visits: 3, tokens: 36 },
    { place: "flow/many[]/inner/search", kind: "runnable", visits: 3, active: 0, tokens: 36 },
  ]);
});

it("keeps the branches of keys apart, also of keys with spaces and quotes", async () => {
  const both = all("both", { "a b": search, 'c "d': inner, e: search }, { when: { e: () => false } });
  const flow = orchestration("flow", (o) => o.start(both).finish(both));
  const record = recordRun(await eventsOf(flow, "x"));
  expect(states(record)).toEqual({
    "flow/both": [1, "completed"],
    "flow/both[a b]/search": [1, "completed"],
    'flow/both[c "d]/inner': [1, "completed"],
    'flow/both[c "d]/inner/search': [1, "completed"],
    "flow/both[e]/search": [0, "skipped"],
  });
  expect(record.states["flow/both"]?.tokens).toBe(24);
});

it("counts each edge for itself, and times, retries and failures by state", async () => {
  const clock = manualClock();
  let tries = 0;
  const work = runnable({
    id: "work",
    retry: { attempts: 2, delay: 100, jitter: 0 } as never,
    invoke: async (n: number) => {
      tries += 1;
      if (tries === 1) throw new Error("once");
      if (n === 2) throw new Error("always");
      return n;
    },
  });
  const rest = runnable("rest", (n: number) => n);
  const flow = orchestration("flow", (o) =>
    o
      .start(work)
      .advance(work, rest, { when: (n) => n > 5, label: "big" })
      .advance(work, rest, { label: "small" })
      .catch(work, rest, { convert: () => 9 })
      .advance(rest, work, { when: (n) => n < 2, convert: (n) => n + 1 })
      .finish(rest),
  );
  const run = flow.start(1, { clock });
  const events: OrchestrationEvent[] = [];
  const read = (async () => {
    for await (const event of run.events()) events.push(event);
  })();
  for (let at = 0; at < 50; at++) await clock.advance(1000);
  await read;
  const record = recordRun(events);
  expect(record.states["flow/work"]).toMatchObject({ visits: 2, failures: 1, retries: 2, status: "failed" });
  expect(record.states["flow/work"]!.duration).toBeGreaterThan(record.states["flow/work"]!.lastDuration!);
  expect(record.edges).toEqual([
    { from: "flow/work", to: "flow/rest", cause: "output", place: 1, label: "small", count: 1 },
    { from: "flow/rest", to: "flow/work", cause: "output", place: 0, count: 1 },
    { from: "flow/work", to: "flow/rest", cause: "error", place: 0, count: 1 },
  ]);
});

it("tells what waits for an answer, until it has one", async () => {
  const ask = question("ask", { ask: (text: string) => `Use ${text}?`, answer: z.boolean() });
  const flow = orchestration("flow", (o) => o.start(ask).finish(ask));
  const events = await eventsOf(flow, "it", true);
  const waits = events.findIndex((event) => event.type === "run.waiting");
  const before = recordRun(events.slice(0, waits + 1));
  expect(before).toMatchObject({
    status: "waiting",
    questions: [{ place: "flow/ask", prompt: "Use it?" }],
    states: { "flow/ask": { status: "waiting", waiting: 1 } },
  });
  const after = recordRun(events.slice(waits + 1), before);
  expect(after).toMatchObject({ status: "completed", questions: [] });
  expect(after.states["flow/ask"]).toMatchObject({ status: "completed", waiting: 0, visits: 1 });
});

it("leaves no question open in a run that was stopped", async () => {
  const ask = question("ask", { ask: "?", answer: z.boolean() });
  const flow = orchestration<string, boolean>("flow", (o) => o.start(ask as never).finish(ask));
  const run = flow.start("x", { clock: manualClock() });
  let record = recordRun([]);
  for await (const event of run.events()) {
    record = recordRun([event], record);
    if (event.type === "run.waiting") void run.cancel("enough");
  }
  expect(record).toMatchObject({
    status: "cancelled",
    questions: [],
    states: { "flow/ask": { status: "cancelled", active: 0, waiting: 0 } },
  });
});

it("gives the same one event at a time as all at once, leaves what it was given alone, and is plain data", async () => {
  const pick = choose("pick", (_text: string) => inner);
  const many = each("many", pick, { settled: true });
  const flow = orchestration("flow", (o) => o.start(many).finish(many));
  const events = await eventsOf(flow, ["a", "bad", "c"]);
  let record = recordRun([]);
  for (const event of events) {
    const before = record;
    const copy = structuredClone(before);
    record = recordRun([event], before);
    expect(before).toEqual(copy);
  }
  expect(record).toEqual(recordRun(events));
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  expect(states(record)).toMatchObject({
    "flow/many[]/pick": [3, "completed"],
    "flow/many[]/pick/inner/search": [3, "completed"],
  });
  expect(record.states["flow/many[]/pick/inner/search"]?.failures).toBe(1);
});

it("goes on with a retried run, and counts a visit once", async () => {
  let isDown = true;
  const good = runnable("good", (text: string) => text);
  const bad = runnable("bad", (text: string) => {
    if (isDown) throw new Error("down");
    return text;
  });
  const both = all("both", { good, bad });
  const flow = orchestration("flow", (o) => o.start(both).finish(both));
  const host = memoryHost();
  const run = flow.start("x", { host, runId: "r" });
  await run.result.catch(() => {});
  const failed = recordRun(await host.events(flow, "r"));
  expect(failed).toMatchObject({ status: "failed" });
  isDown = false;
  const again = await host.retry(flow, "r");
  await again.result;
  const record = recordRun(await host.events(flow, "r"));

  expect(record.status).toBe("completed");
  expect(states(record)).toEqual({
    "flow/both": [1, "completed"],
    "flow/both[good]/good": [1, "completed"],
    "flow/both[bad]/bad": [1, "completed"],
  });
  expect(Object.values(record.states).map(({ active }) => active)).toEqual([0, 0, 0]);
  const retried = (await host.events(flow, "r")).find(({ type }) => type === "run.retried")!;
  expect(recordRun([retried], failed)).toMatchObject({ status: "running" });
  expect(recordRun([retried], failed)).not.toHaveProperty("duration");
});
