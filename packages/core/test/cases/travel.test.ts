import {
  all,
  choose,
  each,
  FatalError,
  type Orchestration,
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  race,
  runnable,
  type Settled,
  sharedState,
  sleep,
} from "@orch/core";
import { DurableHost, type ForkOptions, memoryHost, memoryStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { wellFormed } from "../well-formed.ts";

/** The answers of a schema are numbers; a text of digits is made one. */
const digits = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

const plan = runnable("plan", (n: number) => [n, n + 1]);
const search = runnable("search", (n: number) => n * 2);
const searchAll = each("searchAll", search);
const sum = runnable("sum", (list: readonly number[]) => list.reduce((a, b) => a + b, 0));
const research = orchestration("f", (o) =>
  o.start(plan).advance(plan, searchAll).advance(searchAll, sum).finish(sum),
);

/** A host with one run of `flow`, and what a fork of it gives. */
async function ran<TInput>(flow: Orchestration<TInput, unknown>, input: TInput) {
  const host = memoryHost();
  const run = flow.start(input, { host, runId: "r" });
  const result = await run.result.catch((error: { readonly code: string }) => error.code);
  const kept = flow as Orchestration<never, unknown>;
  const fork = async (options: ForkOptions): Promise<unknown> => {
    const forked = await host.fork(kept, "r", options);
    const outcome = await forked.result.catch((error: { readonly code: string }) => error.code);
    expect(wellFormed(await host.events(kept, forked.id))).toEqual([]);
    return outcome;
  };
  const events = (runId = "r") => host.events(kept, runId);
  return { host, result, fork, events, kept };
}

/** Waits until a run has a question. */
async function asked(run: Run<unknown>): Promise<void> {
  for await (const { type } of run.events()) if (type === "question.asked") return;
}

/** The paths that the events of a run tell. */
const pathsOf = (events: readonly OrchestrationEvent[]): string[] => [
  ...new Set(events.filter(({ type }) => /started$/.test(type)).map(({ path }) => path)),
];

describe("time travel covers everything that events tell", () => {
  it("E18: a fork begins before and after a fan-out, with another output and another input", async () => {
    const { fork, events } = await ran(research, 1);

    expect(await fork({ before: "f/searchAll#1" })).toBe(6);
    expect(await fork({ after: "f/searchAll#1" })).toBe(6);
    expect(await fork({ after: "f/searchAll#1", output: [100, 200] })).toBe(300);
    expect(await fork({ before: "f/searchAll#1", input: [5] })).toBe(10);
    expect(await fork({ before: "f/searchAll#1", input: [] })).toBe(0);
    expect(await fork({ before: "f/searchAll#1[1]/search#1", input: 7 })).toBe(16);
    expect(await fork({ after: "f/searchAll#1[0]/search#1", output: 50 })).toBe(54);
    for (const path of pathsOf(await events())) {
      expect(await fork({ before: path }), path).toBe(6);
      expect(await fork({ after: path }), path).toBe(6);
    }
  });

  it("E18, further: every path of nested orchestrations, races, choices, branches under a condition, sleeps and loops", async () => {
    const double = runnable("double", (n: number) => n * 2);
    const never = runnable("never", async (_: number, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return -1;
    });
    const inner = orchestration("inner", (o) => {
      const one = runnable("one", (n: number) => n + 1);
      const nap = sleep<number>("nap", 1);
      return o
        .start(one)
        .advance(one, nap)
        .advance(nap, one, { when: (n) => n < 4 })
        .finish(nap);
    });
    const pick = choose("pick", (n: number) => (n % 2 === 0 ? double : inner));
    const both = all("both", { pick, odd: double }, { when: { odd: (n) => n % 2 === 1 } });
    const add = runnable("add", ({ pick, odd = 0 }: { pick: number; odd?: number }) => pick + odd);
    const fast = race("fast", { double, never });
    const flow = orchestration("deep", (o) =>
      o.start(both).advance(both, add).advance(add, fast).finish(fast),
    );
    const { result, fork, events } = await ran(flow, 1);
    expect(result).toBe(12);
    const paths = pathsOf(await events());
    expect(paths).toContain("deep/both#1[pick]/pick#1/inner#1/one#3");

    for (const path of paths) {
      expect(await fork({ before: path }), `before ${path}`).toBe(12);
      expect(await fork({ after: path }), `after ${path}`).toBe(12);
    }
    expect(await fork({ after: "deep/fast#1", output: 1 })).toBe(1);
    expect(await fork({ after: "deep/fast#1[never]/never#1", output: 1 })).toBe(1);
    expect(await fork({ after: "deep/both#1", output: { pick: 10 } })).toBe(20);
    expect(await fork({ after: "deep/both#1[pick]/pick#1", output: 10 })).toBe(24);
    expect(await fork({ after: "deep/both#1[pick]/pick#1/inner#1", output: 10 })).toBe(24);
    expect(await fork({ after: "deep/both#1[pick]/pick#1/inner#1/nap#1", output: 10 })).toBe(24);
    expect(await fork({ after: "deep", output: 99 })).toBe(99);
    expect(await fork({ before: "deep", input: 3 })).toBe(20);
    expect(await fork({ before: "deep/both#1", input: 2 })).toBe(8);
    expect(await fork({ before: "deep/both#1[pick]/pick#1", input: 4 })).toBe(20);
    expect(await fork({ before: "deep/both#1[pick]/pick#1/inner#1", input: 7 })).toBe(20);
    expect(await fork({ before: "deep/both#1[pick]/pick#1/inner#1/one#1", input: 7 })).toBe(20);
    expect(await fork({ before: "deep/fast#1[double]/double#1", input: 4 })).toBe(8);
  });

  it("E18, further: a state that failed, or was given up with what is around it, and one that is still open", async () => {
    const clock = manualClock(0);
    const host = new DurableHost(memoryStore(), { clock });
    const slow = sleep<number>("slow", 60_000);
    const broken = runnable("broken", (_: number): number => {
      throw new RangeError("down");
    });
    const part = orchestration("part", (o) => o.start(slow).finish(slow));
    const both = all("both", { part, broken });
    const flow = orchestration("fails", (o) => o.start(both).finish(both));
    await flow.run(1, { host, runId: "r" }).catch(() => {});
    const fork = async (options: ForkOptions): Promise<unknown> => {
      const run = await host.fork(flow, "r", options);
      const outcome = run.result.catch((error: { readonly code: string }) => error.code);
      await clock.runAll();
      expect(wellFormed(await host.events(flow, run.id))).toEqual([]);
      return outcome;
    };

    expect(await fork({ after: "fails/both#1[broken]/broken#1", output: 2 })).toEqual({ part: 1, broken: 2 });
    expect(await fork({ after: "fails/both#1", output: { part: 0, broken: 0 } })).toEqual({
      part: 0,
      broken: 0,
    });
    expect(await fork({ before: "fails/both#1[broken]/broken#1" })).toBe("ORCH_RUNNABLE_FAILED");
    expect(await fork({ after: "fails/both#1[part]/part#1" })).toBe("ORCH_RUNNABLE_FAILED");

    const open = part.start(5, { host, runId: "open" });
    await clock.advance(30_000);
    const early = await host.fork(part, "open", { before: "part/slow#1", input: 6 });
    await expect(host.fork(part, "open", { after: "part/slow#1" })).rejects.toMatchObject({
      code: "ORCH_RUN_STATE",
      facts: { status: "open" },
    });
    await clock.runAll();
    expect([await open.result, await early.result]).toEqual([5, 6]);
  });

  it("E18, further: a fork with another output or input is resumed, forked and retried like any run", async () => {
    const host = memoryHost();
    const ask = question("ask", { ask: "go on?", answer: z.string() });
    const say = runnable("say", (text: string) => text.toUpperCase());
    const flow = orchestration("asking", (o) =>
      o.start(plan).advance(plan, searchAll).advance(searchAll, ask).advance(ask, say).finish(say),
    );
    const first = flow.start(1, { host, runId: "r" });
    await asked(first);
    await first.suspend();
    const given = await host.fork(flow, "r", { after: "asking/searchAll#1", output: [9], runId: "given" });
    await given.suspend();
    const again = await host.resume(flow, "given");
    await asked(again);
    await again.answer("asking/ask#1", "yes");
    expect(await again.result).toBe("YES");
    expect(outputs(await host.events(flow, "given"))["asking/searchAll#1"]).toEqual([9]);

    // What was given is kept by a fork after it, and lost by one before it.
    const kept = await host.fork(flow, "given", { after: "asking/ask#1", output: "no" });
    expect(await kept.result).toBe("NO");
    expect(outputs(await host.events(flow, kept.id))["asking/searchAll#1"]).toEqual([9]);
    const lost = await host.fork(flow, "given", { before: "asking/searchAll#1" });
    await asked(lost);
    await lost.answer("asking/ask#1", "well");
    expect(await lost.result).toBe("WELL");
    expect(outputs(await host.events(flow, lost.id))["asking/searchAll#1"]).toEqual([2, 4]);
  });

  it("E18, further: a retry of a fork whose output no advancer took decides about the same output again", async () => {
    let isOpen = false;
    const end = runnable("end", (list: readonly number[]) => list.length);
    const flow = orchestration("gate", (o) =>
      o
        .start(plan)
        .advance(plan, searchAll)
        .advance(searchAll, end, { when: (list) => isOpen || list.length === 2 })
        .finish(end),
    );
    const { host, fork } = await ran(flow, 1);
    expect(await fork({ after: "gate/searchAll#1", output: [1, 2, 3], runId: "stuck" })).toBe(
      "ORCH_NO_ADVANCE",
    );
    isOpen = true;

    expect(await (await host.retry(flow, "stuck")).result).toBe(3);
  });

  it("E18, further: what is given is checked by the schema that there is", async () => {
    const ask = question("ask", { ask: "how many?", answer: digits });
    const work = runnable({
      id: "work",
      input: z.number().max(10),
      output: z.number().max(100),
      invoke: (n: number) => n + 1,
    });
    const flow = orchestration("checks", (o) => o.start(ask).advance(ask, work).finish(work));
    const host = memoryHost();
    const run = flow.start(undefined, { host, runId: "r" });
    await asked(run);
    await run.answer("checks/ask#1", 1);
    await run.result;
    const refused = async (options: ForkOptions): Promise<unknown> =>
      host.fork(flow, "r", { ...options, runId: "never" }).catch((error: { code: string }) => error.code);

    expect(await refused({ after: "checks/ask#1", output: "many" })).toBe("ORCH_INVALID_ANSWER");
    expect(await refused({ after: "checks/work#1", output: 101 })).toBe("ORCH_INVALID_OUTPUT");
    expect(await refused({ before: "checks/work#1", input: 11 })).toBe("ORCH_INVALID_INPUT");
    expect(await refused({ before: "checks/ask#1", input: new Date(0) })).toBe("ORCH_NOT_SERIALIZABLE");
    expect(await refused({ after: "checks/wrok#1" })).toBe("ORCH_RUN_STATE");
    expect(await refused({})).toBe("ORCH_OPTION");
    expect(await refused({ after: "checks/work#1", before: "checks/work#1" })).toBe("ORCH_OPTION");
    expect(await refused({ after: "checks/work#1", input: 1 })).toBe("ORCH_OPTION");
    // No question is open there, no edge led to it, and no code returned it.
    const wayOut = async (options: ForkOptions): Promise<unknown> =>
      host.fork(flow, "r", { ...options, runId: "never" }).catch((error: { fix: string }) => error.fix);
    const again = "Fork again with a value that fits; nothing was started.";
    expect(await wayOut({ after: "checks/ask#1", output: "many" })).toBe(again);
    expect(await wayOut({ after: "checks/work#1", output: 101 })).toBe(again);
    expect(await wayOut({ before: "checks/work#1", input: 11 })).toBe(again);
    expect(await host.get("never")).toBeUndefined();
    await expect(host.fork(flow, "r", { after: "checks/wrok#1" })).rejects.toThrow("checks/work#1");
    // As a human may answer it.
    const answered = await host.fork(flow, "r", { after: "checks/ask#1", output: "7" });
    expect(await answered.result).toBe(8);
  });

  it("E18, further: what a replaced state wrote to shared state is dropped, what was written beside it stays", async () => {
    const notes = sharedState("notes", {
      all: { start: [] as readonly string[], reduce: (all, more: readonly string[]) => [...all, ...more] },
    });
    const note = (id: string, to = id) =>
      runnable(id, (n: number, ctx) => {
        ctx.state(notes).add("all", [to]);
        return n;
      });
    const [a, b, c] = [note("a"), note("b"), note("c")];
    const inner = orchestration("inner", (o) => o.start(a).advance(a, b).finish(b));
    const read = runnable("read", (_: unknown, ctx) => ctx.state(notes).get("all").join(""));
    const both = all("both", { c, inner });
    const flow = orchestration("writes", (o) => o.start(both).advance(both, read).finish(read));
    const { result, fork } = await ran(flow, 1);

    expect(result).toBe("cab");
    expect(await fork({ after: "writes/both#1[inner]/inner#1", output: 1 })).toBe("c");
    expect(await fork({ before: "writes/both#1[inner]/inner#1" })).toBe("cab");
    expect(await fork({ after: "writes/both#1", output: { c: 1, inner: 1 } })).toBe("");
    expect(await fork({ after: "writes/both#1[c]/c#1", output: 1 })).toBe("ab");
  });

  it("E18, further: a branch that waited and made room for others keeps its place, or gives it back, as it did", async () => {
    const clock = manualClock(0);
    const store = memoryStore();
    const host = new DurableHost(store, { clock });
    const log: string[] = [];
    const nap = sleep<number>("nap", (n) => n * 1_000);
    const work = runnable("work", (n: number) => {
      log.push(`${n} at ${clock.now()}`);
      return n;
    });
    const part = orchestration("part", (o) => o.start(nap).advance(nap, work).finish(work));
    const parts = each("parts", part, { concurrency: 1 });
    const flow = orchestration("rooms", (o) => o.start(parts).finish(parts));
    const run = flow.start([3, 2, 1], { host, runId: "r" });
    await clock.runAll(30);
    expect(await run.result).toEqual([3, 2, 1]);
    expect(log).toEqual(["1 at 1000", "2 at 2000", "3 at 3000"]);
    const part0 = "rooms/parts#1[0]/part#1";

    const forks: ForkOptions[] = [
      { before: part0 },
      { before: part0, input: 9 },
      { after: part0, output: 30 },
      { after: `${part0}/nap#1`, output: 30 },
      { before: "rooms/parts#1[2]/part#1/work#1" },
    ];
    const results: unknown[] = [];
    for (const options of forks) {
      const fork = await host.fork(flow, "r", options);
      await clock.runAll(30);
      results.push(await fork.result);
      expect(wellFormed(await host.events(flow, fork.id))).toEqual([]);
    }
    expect(results).toEqual([
      [3, 2, 1],
      [9, 2, 1],
      [30, 2, 1],
      [30, 2, 1],
      [3, 2, 1],
    ]);
  });

  it("E18, further: a branch that began or ceased to wait meanwhile leaves the branches beside it their turns", async () => {
    const clock = manualClock(0);
    const host = new DurableHost(memoryStore(), { clock });
    // A state that works for so many milliseconds.
    const work = (ms: number) =>
      runnable(`work${ms}`, async (n: number) => {
        await new Promise<void>((resolve) => void clock.after(ms, resolve));
        return n;
      });
    const nap = sleep<number>("nap", 1_000);
    const then = work(10_000);
    const wakes = orchestration("wakes", (o) => o.start(nap).advance(nap, then).finish(then));
    const kinds = [wakes, work(5_000), work(6_000), work(10_000)];
    const part = choose("part", (n: number) => kinds[n]!);
    const parts = each("parts", part, { concurrency: 2 });
    const flow = orchestration("turns", (o) => o.start(parts).finish(parts));
    const result = async (run: Run<number[]>): Promise<number[]> => {
      await clock.runAll(50);
      expect(wellFormed(await host.events(flow, run.id))).toEqual([]);
      return run.result;
    };
    const first = "turns/parts#1[0]/part#1";

    expect(await result(flow.start([0, 1, 2, 1], { host, runId: "wakes" }))).toEqual([0, 1, 2, 1]);
    expect(await result(await host.fork(flow, "wakes", { before: first }))).toEqual([0, 1, 2, 1]);
    expect(await result(await host.fork(flow, "wakes", { before: first, input: 3 }))).toEqual([3, 1, 2, 1]);
    expect(await result(await host.fork(flow, "wakes", { after: first, output: 9 }))).toEqual([9, 1, 2, 1]);
    expect(await result(flow.start([3, 1, 2, 1], { host, runId: "works" }))).toEqual([3, 1, 2, 1]);
    expect(await result(await host.fork(flow, "works", { before: first, input: 0 }))).toEqual([0, 1, 2, 1]);
    expect(await result(await host.fork(flow, "works", { after: first, output: 9 }))).toEqual([9, 1, 2, 1]);
  });

  it("E18, further: what was read of a state that runs again is read again", async () => {
    const clock = manualClock(0);
    const host = new DurableHost(memoryStore(), { clock });
    const notes = sharedState("notes", { last: { start: "nothing" } });
    const seen = sharedState("seen", { what: { start: "" } });
    const writes = runnable("writes", (text: string, ctx) => {
      ctx.state(notes).set("last", text);
      return text;
    });
    const long = sleep<string>("long", 5_000);
    const writer = orchestration("writer", (o) => o.start(writes).advance(writes, long).finish(long));
    const short = sleep<string>("short", 1_000);
    const reads = runnable("reads", (_: string, ctx) => {
      const what = ctx.state(notes).get("last");
      ctx.state(seen).set("what", what);
      return what;
    });
    const reader = orchestration("reader", (o) => o.start(short).advance(short, reads).finish(reads));
    const both = all("both", { writer, reader });
    const flow = orchestration("reading", (o) => o.start(both).finish(both));
    const run = flow.start("one", { host, runId: "r" });
    await clock.runAll(20);
    expect(await run.result).toEqual({ writer: "one", reader: "one" });
    const path = "reading/both#1[writer]/writer#1";

    const edited = await host.fork(flow, "r", { before: path, input: "two" });
    await clock.runAll(20);
    expect(await edited.result).toEqual({ writer: "two", reader: "two" });
    const replaced = await host.fork(flow, "r", { after: path, output: "three" });
    await clock.runAll(20);
    expect(await replaced.result).toEqual({ writer: "three", reader: "nothing" });
  });

  it("E18, further: every path of a run that was retried", async () => {
    let broken = true;
    const flaky = runnable("flaky", (n: number) => {
      if (broken && n === 2) throw new Error("down");
      return n;
    });
    const some = each("some", flaky);
    const total = runnable("total", (list: readonly number[]) => list.reduce((a, b) => a + b, 0));
    const flow = orchestration("again", (o) =>
      o.start(plan).advance(plan, some).advance(some, total).finish(total),
    );
    const { host, fork, events, kept } = await ran(flow, 1);
    broken = false;
    expect(await (await host.retry(flow, "r")).result).toBe(3);

    for (const path of pathsOf(await events())) {
      expect(await fork({ before: path }), path).toBe(3);
      expect(await fork({ after: path }), path).toBe(3);
    }
    expect(await fork({ after: "again/some#1[1]/flaky#1", output: 20 })).toBe(21);
    // A fork of a fork.
    expect(await fork({ after: "again/some#1", runId: "once" })).toBe(3);
    const twice = await host.fork(kept, "once", { before: "again/total#1" });
    expect(await twice.result).toBe(3);
    expect(await fork({ before: "again/some#1", input: [4, 5] })).toBe(9);
  });

  it("E18, further: every path of a run that a terminal error halted, and that was retried inside its fan-out", async () => {
    let broken = true;
    const check = runnable("check", (n: number) => n);
    const pay = runnable("pay", (n: number) => {
      if (broken && n === 2) throw new FatalError("no money");
      return n * 10;
    });
    const order = orchestration("order", (o) => o.start(check).advance(check, pay).finish(pay));
    const orders = each("orders", order, { settled: true, concurrency: 1 });
    const total = runnable("total", (ends: readonly Settled<number>[]) =>
      ends.reduce((sum, end) => sum + (end.status === "completed" ? end.value : 0), 0),
    );
    const flow = orchestration("shop", (o) => o.start(orders).advance(orders, total).finish(total));
    const { host, result, fork, events } = await ran(flow, [1, 2, 3]);
    expect(result).not.toBe(60);
    const early = await events();
    expect(pathsOf(early)).not.toContain("shop/orders#1[2]/order#1");
    for (const path of pathsOf(early)) expect(typeof (await fork({ before: path }))).toBe("string");
    broken = false;
    expect(await fork({ before: "shop/orders#1[1]/order#1" })).toBe(60);
    expect(await fork({ after: "shop/orders#1[1]/order#1", output: 5 })).toBe(45);
    expect(await (await host.retry(flow, "r")).result).toBe(60);

    for (const path of pathsOf(await events())) {
      expect(await fork({ before: path }), `before ${path}`).toBe(60);
      expect(await fork({ after: path }), `after ${path}`).toBe(60);
    }
    expect(await fork({ after: "shop/orders#1[1]/order#1/pay#1", output: 5 })).toBe(45);
    expect(await fork({ before: "shop/orders#1[1]/order#1", input: 4 })).toBe(80);
  });

  it("E18, further: a deadline and the timeout of a question start again in a fork", async () => {
    const clock = manualClock(0);
    const host = new DurableHost(memoryStore(), { clock });
    const ask = question("ask", { ask: "go on?", answer: z.boolean(), timeout: 60_000 });
    const work = runnable("work", (_: number) => 1);
    const both = all("both", { ask, work });
    const flow = orchestration("timed", (o) => o.start(both).finish(both), { deadline: 100_000 });
    const run = flow.start(1, { host, runId: "r" });
    await clock.advance(1);
    await run.suspend();
    await clock.advance(3_600_000);
    const fork = await host.fork(flow, "r", { before: "timed/both#1[work]/work#1" });
    await clock.advance(59_000);

    expect(fork.questions).toHaveLength(1);
    await fork.answer("timed/both#1[ask]/ask#1", true);
    expect(await fork.result).toEqual({ ask: true, work: 1 });
  });
});

/** The outputs of the states of a run, by path. */
function outputs(events: readonly OrchestrationEvent[]): { [path: string]: unknown } {
  return Object.fromEntries(
    events.flatMap((event) => (event.type === "state.completed" ? [[event.path, event.output]] : [])),
  );
}
