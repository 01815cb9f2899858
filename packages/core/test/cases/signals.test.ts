/** Signals, conditions over shared state, and the states that wait for them: in memory and on hosts that keep runs. */
import {
  all,
  type ConditionContext,
  each,
  isOrchError,
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  race,
  runnable,
  sharedState,
  signal,
  sleep,
  until,
} from "@orch/core";
import { toDot, toMermaid, toText } from "@orch/core/draw";
import { DurableHost, type Host, type JournalStore, memoryHost, memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const paid = signal("paid", z.object({ sum: z.number() }));
const note = signal("note", z.string(), { limit: 3 });
const votes = sharedState("votes", { yes: { start: 0, reduce: (a: number, b: number) => a + b } });
const vote = runnable("vote", (count: number, ctx) => ctx.state(votes).add("yes", count));
const payment = until("payment", { signal: paid, timeout: 600 });
const late = runnable("late", () => "late");
const thanks = runnable("thanks", (sum: number) => `thanks for ${sum}`);

const invoice = orchestration("invoice", (o) =>
  o
    .start(payment)
    .advance(payment, thanks, {
      when: (came) => came.by === "signal",
      convert: (came) => (came.by === "signal" ? came.value.sum : 0),
    })
    .advance(payment, late)
    .finish(thanks, late),
);

const hosts: readonly (readonly [string, () => Host | undefined])[] = [
  ["without a host", () => undefined],
  ["on a host that keeps every step", () => memoryHost()],
  ["on a host that keeps groups", () => memoryHost({ durability: "group" })],
  ["on a host that keeps ends", () => memoryHost({ durability: "end" })],
];

describe.each(hosts)("signals %s", (_name, make) => {
  const start = <TOutput>(flow: Orchestration<void, TOutput>, clock = manualClock()): Run<TOutput> =>
    flow.start(undefined, { clock, ...hosted(make()) });

  it("goes to the state that waits for it", async () => {
    const run = start(invoice);
    await run.signal(paid, { sum: 3 });
    expect(await run.result).toBe("thanks for 3");
  });

  it("says when none came in time, and a signal after that is told how the run ended", async () => {
    const clock = manualClock();
    const run = start(invoice, clock);
    await seen(run, "run.waiting");
    await clock.advance(600);
    expect(await run.result).toBe("late");
    expect(await codeOf(run.signal(paid, { sum: 3 }))).toBe("ORCH_RUN_ENDED completed");
    expect(clock.pending()).toBe(0);
  });

  it("is kept when it comes before anyone waits, in its order", async () => {
    const gate = Promise.withResolvers<void>();
    const first = runnable("first", () => gate.promise);
    const wait = until("wait", { signal: note });
    const twice = orchestration("twice", (o) =>
      o
        .start(first)
        .advance(first, wait)
        .advance(wait, wait, { when: ({ value }) => value !== "c" })
        .finish(wait),
    );
    const run = start(twice);
    for (const value of ["a", "b", "c"]) await run.signal(note, value);
    expect(await codeOf(run.signal(note, "d"))).toBe("ORCH_MAILBOX_FULL");
    gate.resolve();
    expect(await run.result).toEqual({ by: "signal", value: "c" });
    expect((await told(run)).filter((line) => line.startsWith("signal.received"))).toHaveLength(3);
  });

  it("goes to the first of several that wait", async () => {
    const [a, b] = [until("a", { signal: note }), until("b", { signal: note })];
    const both = all("both", { a, b });
    const run = start(orchestration("f", (o) => o.start(both).finish(both)));
    await seen(run, "run.waiting");
    expect(run.describe().waits).toMatchObject([{ state: "a", signal: "note" }, { state: "b" }]);
    await run.signal(note, "first");
    expect(run.describe().waits).toMatchObject([{ state: "b" }]);
    await run.signal(note, "second");
    expect(await run.result).toEqual({
      a: { by: "signal", value: "first" },
      b: { by: "signal", value: "second" },
    });
  });

  it("counts once for each key", async () => {
    const wait = until("wait", { signal: note });
    const items = each("items", wait, { concurrency: 3 });
    const flow = orchestration("f", (o) => o.start(items).finish(items));
    const run = flow.start([1, 2], { clock: manualClock(), ...hosted(make()) });
    await run.signal(note, "x", { key: "1" });
    await run.signal(note, "x again", { key: "1" });
    await run.signal(note, "y", { key: "2" });
    expect(await run.result).toMatchObject([{ value: "x" }, { value: "y" }]);
  });

  it("is refused by name when no state waits for it, and by place when its value does not fit", async () => {
    const run = start(invoice);
    expect(await codeOf(run.signal(note, "?"))).toBe("ORCH_UNKNOWN_SIGNAL");
    expect(await codeOf(run.signal(paid, { sum: "3" } as never))).toBe("ORCH_INVALID_SIGNAL");
    await run.signal(paid, { sum: 1 });
    expect(await run.result).toBe("thanks for 1");
  });

  it("loses to a cancellation that came before it", async () => {
    const run = start(invoice);
    await seen(run, "run.waiting");
    const ended = run.cancel("enough");
    const sent = codeOf(run.signal(paid, { sum: 1 }));
    await ended;
    expect(await sent).toBe("ORCH_RUN_ENDED cancelled");
    expect(run.status).toBe("cancelled");
  });

  it("of a lost race goes to who waits next", async () => {
    const clock = manualClock();
    const quick = race("quick", { wait: until("inner", { signal: note }), nap: sleep("nap", 100) });
    const wait = until("wait", { signal: note });
    const run = start(
      orchestration("f", (o) => o.start(quick).advance(quick, wait).finish(wait)),
      clock,
    );
    await seen(run, "state.waiting");
    await clock.advance(100);
    await run.signal(note, "kept");
    expect(await run.result).toEqual({ by: "signal", value: "kept" });
  });

  it("a condition over shared state is met by what branches write", async () => {
    const quorum = until("quorum", { when: (_: unknown, ctx) => ctx.state(votes).get("yes") >= 3 });
    const count = runnable("count", (_: unknown, ctx) => ctx.state(votes).get("yes"));
    const voting = each("voting", vote, { concurrency: 1 });
    const enough = orchestration("enough", (o) => o.start(quorum).advance(quorum, count).finish(count));
    const both = all("both", { enough, voting });
    const flow = orchestration<readonly number[], unknown>("f", (o) => o.start(both).finish(both));
    const output = await flow.run([1, 1, 1, 1], hosted(make()));
    expect(output).toMatchObject({ enough: expect.any(Number) });
    expect((output as { enough: number }).enough).toBeGreaterThanOrEqual(3);
  });

  it("both a signal and a condition: the signal stays until the condition holds", async () => {
    const wait = until("wait", { signal: note, when: (_: unknown, ctx) => ctx.state(votes).get("yes") > 0 });
    const ask = question("ask", { ask: "?", answer: z.number() });
    const answered = orchestration("answered", (o) => o.start(ask).advance(ask, vote).finish(vote));
    const both = all("both", { wait, answered });
    const run = start(orchestration("f", (o) => o.start(both).finish(both)));
    await seen(run, "run.waiting");
    await run.signal(note, "early");
    expect(run.status).toBe("waiting");
    await run.answer(run.questions[0]!.id, 2);
    expect(await run.result).toMatchObject({ wait: { by: "signal", value: "early" } });
  });

  it("a condition that nothing can change ends with an error, and is no wait for ever", async () => {
    const never = until("never", { when: (_: unknown, ctx) => ctx.state(votes).get("yes") > 0 });
    const flow = orchestration("f", (o) => o.start(never).finish(never));
    expect(await codeOf(start(flow).result)).toContain("ORCH_UNMET_CONDITION");
  });

  it("a condition that throws fails its state, where an edge may take it", async () => {
    const bad = until("bad", {
      when: () => {
        throw new Error("no such vote");
      },
    });
    const mend = runnable("mend", (says: string) => says);
    const flow = orchestration<void, unknown>("f", (o) =>
      o
        .start(bad)
        .catch(bad, mend, { convert: (error) => String((error.cause as Error).message) })
        .finish(mend, bad),
    );
    expect(await start(flow).result).toBe("no such vote");
  });

  it("who waits has no place in a fan-out", async () => {
    const wait = until("wait", { signal: note });
    const work = runnable("work", () => "done");
    const items = each(
      "items",
      orchestration("item", (o) => o.start(work).advance(work, wait).finish(wait)),
      {
        concurrency: 1,
      },
    );
    const run = orchestration("f", (o) => o.start(items).finish(items)).start([1, 2, 3], hosted(make()));
    await seen(run, "run.waiting");
    expect(run.describe().waits).toHaveLength(3);
    for (const value of ["a", "b", "c"]) await run.signal(note, value);
    expect(await run.result).toMatchObject([{ value: "a" }, { value: "b" }, { value: "c" }]);
  });

  it("the events that are told tell all of it", async () => {
    const run = start(invoice);
    await seen(run, "run.waiting");
    await run.signal(paid, { sum: 2 }, { key: "k" });
    await run.result;
    expect(await told(run)).toEqual([
      "run.started",
      "state.started payment until",
      'state.waiting payment paid {"timeout":600}',
      "run.waiting paid",
      'signal.received paid 1 {"sum":2} k',
      "state.completed payment",
      "state.transition payment thanks",
      "state.started thanks runnable",
      "state.completed thanks",
      "run.completed",
    ]);
  });
});

describe("signals without anybody", () => {
  it("run() refuses to wait for a signal that nobody can send", async () => {
    const wait = until("wait", { signal: note });
    const flow = orchestration("f", (o) => o.start(wait).finish(wait));
    expect(await codeOf(flow.run(undefined))).toContain("ORCH_UNATTENDED");
  });
});

describe("signals across processes", () => {
  const other = (store: JournalStore, clock = manualClock()): DurableHost =>
    new DurableHost(store, { clock });

  it("reaches a run that nobody drives, and the next driver takes it before its timeout", async () => {
    const [store, clock] = [memoryStore(), manualClock()];
    const run = invoice.start(undefined, { host: other(store, clock), runId: "r" });
    await seen(run, "run.waiting");
    await run.suspend();
    const host = other(store, clock);
    expect((await host.get("r"))?.status).toBe("waiting");
    expect(await codeOf(host.signal(invoice, "r", "paid", { sum: "x" }))).toBe("ORCH_INVALID_SIGNAL");
    expect(await codeOf(host.signal(invoice, "r", "pay", {}))).toBe("ORCH_UNKNOWN_SIGNAL");
    await host.signal(invoice, "r", paid, { sum: 7 }, { key: "1" });
    await host.signal(invoice, "r", "paid", { sum: 7 }, { key: "1" });
    await clock.advance(10_000);
    const resumed = await host.resume(invoice, "r");
    expect(await resumed.result).toBe("thanks for 7");
    expect((await store.requests("r")).map(({ state }) => state)).toEqual(["taken"]);
    expect(await codeOf(host.signal(invoice, "r", paid, { sum: 8 }))).toBe("ORCH_RUN_ENDED completed");
  });

  it("reaches a run that another host drives", async () => {
    const [store, clock] = [memoryStore(), manualClock()];
    const run = invoice.start(undefined, { host: other(store, clock), runId: "r" });
    await seen(run, "run.waiting");
    const sent = other(store, clock).signal(invoice, "r", paid, { sum: 4 });
    await clock.advance(100);
    await sent;
    expect(await run.result).toBe("thanks for 4");
  });

  it("bounds what it keeps for a run that nobody drives", async () => {
    const store = memoryStore();
    const [first, wait] = [question("first", { ask: "?", answer: z.any() }), until("wait", { signal: note })];
    const flow = orchestration("f", (o) => o.start(first).advance(first, wait).finish(wait));
    const run = flow.start(undefined, { host: other(store), runId: "r" });
    await seen(run, "run.waiting");
    await run.suspend();
    const host = other(store);
    for (const value of ["a", "b", "c"]) await host.signal(flow, "r", note, value);
    expect(await codeOf(host.signal(flow, "r", note, "d"))).toBe("ORCH_MAILBOX_FULL");
    await host.answer(flow, "r", "f/first#1", 1);
    expect(await (await host.resume(flow, "r")).result).toEqual({ by: "signal", value: "a" });
  });

  it("a view without the code sees what is waited for, and the events are those that were told", async () => {
    const [store, clock] = [memoryStore(), manualClock()];
    const host = other(store, clock);
    const run = invoice.start(undefined, { host, runId: "r" });
    await seen(run, "run.waiting");
    await run.suspend();
    const view = other(store, clock).run("r");
    expect((await view.describe()).waits).toMatchObject([{ state: "payment", signal: "paid", timeout: 600 }]);
    await host.signal(invoice, "r", paid, { sum: 1 });
    const resumed = await host.resume(invoice, "r");
    await resumed.result;
    const kept = await host.events(invoice, "r");
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, place) => place + 1));
    expect(await listOf(view.events())).toEqual(kept);
  });

  it("a fork before the wait waits anew, a retry begins its time again", async () => {
    const [store, clock] = [memoryStore(), manualClock()];
    const host = other(store, clock);
    const run = invoice.start(undefined, { host, runId: "r" });
    await seen(run, "run.waiting");
    await run.cancel();
    await clock.advance(5_000);
    const again = await host.retry(invoice, "r");
    await seen(again, "run.waiting", 2);
    await clock.advance(599);
    expect(again.status).toBe("waiting");
    await again.signal(paid, { sum: 5 });
    expect(await again.result).toBe("thanks for 5");
    const fork = await host.fork(invoice, "r", { before: "invoice/payment#1", runId: "fork" });
    await seen(fork, "run.waiting");
    await fork.signal(paid, { sum: 6 });
    expect(await fork.result).toBe("thanks for 6");
    const given = await host.fork(invoice, "r", {
      after: "invoice/payment#1",
      output: { by: "timeout" },
      runId: "given",
    });
    expect(await given.result).toBe("late");
  });
});

describe("forks and retries of what waited", () => {
  it("a fork at a composite in which a signal was taken waits in it anew, beside what went on", async () => {
    const host = new DurableHost(memoryStore(), { clock: manualClock() });
    const [wait, end] = [
      until("wait", { signal: note }),
      runnable("end", ({ value }: { value: string }) => value),
    ];
    const inner = orchestration("inner", (o) => o.start(wait).advance(wait, end).finish(end));
    const ask = question("ask", { ask: "?", answer: z.string() });
    const both = all("both", { inner, ask });
    const flow = orchestration("f", (o) => o.start(both).finish(both));
    const run = flow.start(undefined, { host, runId: "r" });
    await seen(run, "run.waiting");
    await run.signal(note, "first");
    await run.answer(run.questions[0]!.id, "yes");
    expect(await run.result).toEqual({ inner: "first", ask: "yes" });
    for (const before of ["f/both#1[inner]/inner#1", "f/both#1[inner]/inner#1/wait#1"]) {
      const fork = await host.fork(flow, "r", { before });
      await seen(fork, "run.waiting");
      await fork.signal(note, "second");
      await fork.answer(fork.questions[0]!.id, "no");
      expect(await fork.result).toEqual({ inner: "second", ask: "no" });
    }
    const after = await host.fork(flow, "r", { after: "f/both#1[inner]/inner#1", output: "given" });
    await seen(after, "run.waiting");
    await after.answer(after.questions[0]!.id, "no");
    expect(await after.result).toEqual({ inner: "given", ask: "no" });
  });

  it("a fork before a wait that ended as it began takes the same signal again", async () => {
    const host = new DurableHost(memoryStore(), { clock: manualClock() });
    const ask = question("ask", { ask: "?", answer: z.string() });
    const [wait, end] = [
      until("wait", { signal: note }),
      runnable("end", ({ value }: { value: string }) => value),
    ];
    const flow = orchestration("f", (o) => o.start(ask).advance(ask, wait).advance(wait, end).finish(end));
    const run = flow.start(undefined, { host, runId: "r" });
    await seen(run, "run.waiting");
    await run.signal(note, "kept");
    await run.answer("f/ask#1", "yes");
    expect(await run.result).toBe("kept");
    expect(await (await host.fork(flow, "r", { before: "f/wait#1" })).result).toBe("kept");
    const given = await host.fork(flow, "r", { after: "f/wait#1", output: { by: "signal", value: "other" } });
    expect(await given.result).toBe("other");
  });

  it("a retry goes on with what had come, and asks a condition that threw again", async () => {
    const host = new DurableHost(memoryStore(), { clock: manualClock() });
    let isBroken = true;
    const wait = until("wait", {
      signal: note,
      when: () => {
        if (isBroken) throw new Error("no such vote");
        return true;
      },
    });
    const flow = orchestration("f", (o) => o.start(wait).finish(wait));
    const run = flow.start(undefined, { host, runId: "r" });
    await run.signal(note, "kept").catch(() => {});
    expect(await codeOf(run.result)).toContain("ORCH_RUNNABLE_FAILED");
    isBroken = false;
    expect(await (await host.retry(flow, "r")).result).toEqual({ by: "signal", value: "kept" });
  });

  it("P1: a retry takes back what a state wrote that runs again, and what had waited for it can be read", async () => {
    let isEnough = false;
    const when = (_: unknown, ctx: ConditionContext): boolean => ctx.state(votes).get("yes") > 0;
    const both = all("both", { seen: until("seen", { when }), vote });
    const list = each("list", both, { enough: () => isEnough });
    const count = runnable("count", (_: unknown, ctx) => ctx.state(votes).get("yes"));
    const flow = orchestration("f", (o) => o.start(list).advance(list, count).finish(count));
    const host = memoryHost();
    const lost = { code: "ORCH_RACE_LOST" };
    await expect(flow.start([1], { host, runId: "r" }).result).rejects.toMatchObject(lost);
    await expect((await host.retry(flow, "r")).result).rejects.toMatchObject(lost);
    isEnough = true;

    expect(await (await host.retry(flow, "r")).result).toBe(1);
    const events = await host.events(flow, "r");
    const ends = events.filter(({ type, path }) => type === "state.completed" && path.endsWith("/seen#1"));
    expect(ends).toHaveLength(3);
  });

  it("a drawing says what a state waits for", () => {
    expect(toText(invoice.graph)).toContain("payment [until, paid, at most 600ms]");
    expect(toMermaid(invoice.graph)).toContain("until, paid, at most 600ms");
    expect(toDot(invoice.graph)).toContain("until, paid, at most 600ms");
  });
});

function hosted(host: Host | undefined): { host?: Host } {
  return host === undefined ? {} : { host };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    return `no error: ${JSON.stringify(await promise)}`;
  } catch (error) {
    if (isOrchError(error, "ORCH_RUN_ENDED")) return `${error.code} ${error.facts.status}`;
    if (isOrchError(error, "ORCH_RUNNABLE_FAILED"))
      return `${error.code} ${(error.cause as { code?: string }).code}`;
    return isOrchError(error) ? error.code : String(error);
  }
}

/** Waits for the n-th event of a type. */
async function seen(run: Run<unknown>, type: OrchestrationEvent["type"], count = 1): Promise<void> {
  let left = count;
  for await (const event of run.events()) {
    if (event.type === type && --left === 0) return;
    if (event.type === "run.failed") throw new Error(event.error.message);
  }
}

async function told(run: Run<unknown>): Promise<readonly string[]> {
  const events = await listOf(run.events());
  return events.map((event) => {
    switch (event.type) {
      case "state.started":
        return `${event.type} ${event.state} ${event.kind}`;
      case "state.waiting":
        return `${event.type} ${event.state} ${event.signal} ${JSON.stringify({ timeout: event.timeout })}`;
      case "signal.received":
        return `${event.type} ${event.signal} ${event.number} ${JSON.stringify(event.value)} ${event.key}`;
      case "run.waiting":
        return `${event.type} ${event.signals?.join()}`;
      case "state.transition":
        return `${event.type} ${event.from} ${event.to}`;
      default:
        return "state" in event ? `${event.type} ${event.state}` : event.type;
    }
  });
}

async function listOf(events: AsyncIterable<OrchestrationEvent>): Promise<readonly OrchestrationEvent[]> {
  const list: OrchestrationEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}
