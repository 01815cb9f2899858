import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { wellFormed } from "../../test/well-formed.ts";
import { toText } from "../draw.ts";
import { DurableHost, memoryStore } from "../host.ts";
import {
  all,
  background,
  blueprint,
  choose,
  collect,
  each,
  OrchestrationAdvancer,
  type OrchestrationEvent,
  orchestration,
  type RunContext,
  type Runnable,
  race,
  runnable,
  type Schema,
  type Settled,
  signal,
  sleep,
  until,
} from "../index.ts";

let clock = manualClock();

/** Takes so many milliseconds, and fails on odd numbers. */
function take(ms: number, { signal }: RunContext): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const cancel = clock.after(ms, () => (ms % 2 === 1 ? reject(new Error(`${ms} is odd`)) : resolve(ms)));
  signal.addEventListener("abort", () => {
    cancel();
    stopped.push(ms);
    reject(signal.reason);
  });
  return promise;
}
let stopped: number[] = [];
const anyText: Schema<string> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as string }) },
};
const work = runnable("work", take);
const count = runnable("count", (list: readonly unknown[]) => list.length);

const quick = each("quick", work, { first: 1, rest: "background" });
const rest = collect("rest", quick);
const nap = sleep<unknown>("nap", 15);
const flow = orchestration("flow", (o) => o.start(quick).advance(quick, nap).advance(nap, rest).finish(rest));
const none = orchestration("none", (o) => o.start(quick).advance(quick, count).finish(count));

/** An orchestration that makes its second state on the way. */
function making(state: Runnable<never, unknown>) {
  const made = blueprint("made", () => state as Runnable<unknown, unknown>);
  class Making extends OrchestrationAdvancer<readonly number[], unknown> {
    override readonly targets = [made];
    override convertOutput(list: readonly number[]): unknown {
      return list;
    }
    override getNextRunnable(): Runnable<unknown, unknown> {
      return made(undefined);
    }
  }
  const begin = runnable("begin", (list: readonly number[]) => list);
  return orchestration("making", (o) => o.start(begin).advanceBy(begin, new Making()).finish(made));
}

async function on<TInput, TOutput>(
  of: ReturnType<typeof orchestration<TInput, TOutput>>,
  input: TInput,
  until?: number,
) {
  clock = manualClock();
  stopped = [];
  const events: OrchestrationEvent[] = [];
  const off = of.on("*", (event) => void events.push(event));
  const run = of.start(input, { clock });
  run.result.catch(() => {});
  if (until === undefined) await clock.runAll();
  else await clock.advance(until);
  off();
  return { run, events };
}

describe("the background", () => {
  it("branches go on when there is enough, and are collected later in the order they came", async () => {
    const { run, events } = await on(flow, [40, 10, 20, 6]);

    expect(await run.result).toMatchObject([
      { status: "completed", value: 10 },
      { status: "completed", value: 20 },
      { status: "completed", value: 40 },
    ]);
    expect(wellFormed(events)).toEqual([]);
    const ends = events.filter(({ type }) => type === "state.completed").map(({ path }) => path);
    expect(ends.indexOf("flow/quick#1")).toBeLessThan(ends.indexOf("flow/quick#1[0]/work#1"));
    expect(stopped).toEqual([]);
  });

  it("what is not collected is stopped when the orchestration ends, and awaited", async () => {
    const { run, events } = await on(none, [10, 20, 30]);

    expect(await run.result).toBe(1);
    expect(stopped).toEqual([20, 30]);
    expect(wellFormed(events)).toEqual([]);
  });

  it("a failure in the background is a result and fails nothing", async () => {
    const { run, events } = await on(flow, [21, 10]);

    expect(await run.result).toMatchObject([{ status: "failed" }]);
    expect(
      events.some(({ type, path }) => type === "state.failed" && path === "flow/quick#1[0]/work#1"),
    ).toBe(true);
  });

  it("branches that have not begun begin there", async () => {
    const two = each("quick", work, { first: 1, rest: "background", concurrency: 1 });
    const taken = collect("rest", two);
    const { run } = await on(
      orchestration("two", (o) => o.start(two).advance(two, taken).finish(taken)),
      [2, 4, 6],
    );
    expect(await run.result).toMatchObject([{ value: 4 }, { value: 6 }]);
  });

  it("a child is started, awaited and fails whoever collects it", async () => {
    const audit = background("audit", work);
    const audited = collect("audited", audit);
    const child = orchestration("order", (o) =>
      o.start(audit).advance(audit, nap).advance(nap, audited).finish(audited),
    );
    const first = await on(child, 40);
    expect(await first.run.result).toBe(40);
    const failing = await on(child, 41);
    await expect(failing.run.result).rejects.toThrow("41 is odd");
    const early = await on(child, 4);
    expect(await early.run.result).toBe(4);
  });

  it("collecting with stop takes what there is, and stops the rest", async () => {
    const stopping = collect("stopping", quick, { stop: true });
    const { run } = await on(
      orchestration("flow", (o) =>
        o.start(quick).advance(quick, nap).advance(nap, stopping).finish(stopping),
      ),
      [4, 6, 40],
    );
    expect(await run.result).toMatchObject([{ value: 6 }]);
    expect(stopped).toEqual([40]);
  });

  it("begins nothing more when it is stopped", async () => {
    const narrow = each("narrow", work, { first: 1, rest: "background", concurrency: 1 });
    const stopping = collect("stopping", narrow, { stop: true });
    const collecting = orchestration("c", (o) => o.start(narrow).advance(narrow, stopping).finish(stopping));
    const ending = orchestration("e", (o) => o.start(narrow).advance(narrow, count).finish(count));
    for (const of of [collecting, ending]) {
      const { run, events } = await on<readonly number[], unknown>(of, [2, 40, 60, 80]);
      await run.result;
      expect(
        events.filter(({ type, path }) => type === "state.started" && path.includes("work")),
      ).toHaveLength(2);
    }
  });

  it("a run that is cancelled or out of time stops the background with it", async () => {
    const { run, events } = await on(flow, [100, 200, 2], 5);
    await run.cancel("enough");
    await clock.runAll();
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(stopped).toEqual([100, 200]);
    expect(events.at(-1)?.type).not.toBe("run.completed");

    const late = orchestration("late", (o) => o.start(quick).advance(quick, rest).finish(rest), {
      deadline: 50,
    });
    const over = await on(late, [100, 2]);
    await expect(over.run.result).rejects.toMatchObject({ code: "ORCH_DEADLINE" });
    expect(wellFormed(over.events)).toEqual([]);
  });

  it("work in the background that ignores its signal is dropped after the grace time", async () => {
    const deaf = runnable(
      "deaf",
      (ms: number) => new Promise<number>((resolve) => void clock.after(ms, () => resolve(ms))),
    );
    const left = each("quick", deaf, { first: 1, rest: "background" });
    const { run, events } = await on(
      orchestration("none", (o) => o.start(left).advance(left, count).finish(count)),
      [1, 9_000],
    );
    expect(await run.result).toBe(1);
    expect(events.at(-1)?.time).toBeLessThan(4_000 + events[0]!.time);
  });

  it("a failing orchestration stops it, and a retry goes on with both", async () => {
    let broken = true;
    const breaks = runnable("breaks", (list: readonly number[]) => {
      if (broken) throw new Error("broken");
      return list;
    });
    const failing = orchestration("failing", (o) =>
      o
        .start(quick)
        .advance(quick, nap)
        .advance(nap, breaks, { convert: () => [] })
        .advance(breaks, rest)
        .finish(rest),
    );
    clock = manualClock();
    stopped = [];
    const host = new DurableHost(memoryStore(), { clock });
    const run = failing.start([40, 10, 4], { host, runId: "r" });
    run.result.catch(() => {});
    await clock.runAll();
    await expect(run.result).rejects.toThrow("broken");
    expect(stopped).toEqual([40]);
    broken = false;
    const again = await host.retry(failing, "r");
    await clock.runAll();
    expect(await again.result).toMatchObject([{ value: 10 }, { value: 40 }]);
  });

  it("is refused in a definition where no orchestration could keep it, or nothing says when it begins", () => {
    const inside = each("inside", quick);
    expect(() => orchestration("in", (o) => o.start(inside).finish(inside))).toThrow(
      '"quick" leaves branches in the background, and is no state of an orchestration that could keep them. Make an orchestration',
    );
    expect(() => each("e", work, { rest: "background" } as never)).not.toThrow();
    const vague = each("e", work, { rest: "background" } as never);
    expect(() => orchestration("v", (o) => o.start(vague as never).finish(vague))).toThrow(
      "Say with first or enough",
    );
  });

  it("is refused when it begins where it is made on the way and its orchestration has no other", async () => {
    const { run } = await on(making(quick), [1]);
    await expect(run.result).rejects.toThrow("is no state of an orchestration that could keep them");
  });

  it("a drawing says what goes on in the background, and who collects it", () => {
    const text = toText(flow.graph);
    expect(text).toContain("[each, first 1, the rest in the background]");
    expect(text).toContain("[collect, of quick]");
  });

  it("a child waits for a signal of the run, is awaited and is stopped", async () => {
    const go = signal("go", anyText);
    const child = background("child", until("waits", { signal: go }));
    const awaited = collect("awaited", child);
    const flow = orchestration("signalled", (o) =>
      o.start(child).advance(child, nap).advance(nap, awaited).finish(awaited),
    );
    const { run } = await on(flow, "x", 20);
    expect(run.status).toBe("waiting");
    await run.signal(go, "now");
    await clock.runAll();
    expect(await run.result).toEqual({ by: "signal", value: "now" });

    const stopping = collect("stopping", child, { stop: true });
    const ended = await on(
      orchestration("ended", (o) => o.start(child).advance(child, stopping).finish(stopping)),
      "x",
    );
    expect(await ended.run.result).toBeUndefined();
  });

  it("named branches are collected by name", async () => {
    const slow = runnable("slow", (ms: number, ctx) => take(ms * 10, ctx));
    const both = all("both", { work, slow }, { first: 1, rest: "background" });
    const late = collect("late", both);
    const { run } = await on(
      orchestration("named", (o) => o.start(both).advance(both, late).finish(late)),
      2,
    );
    const results: { work?: Settled<number>; slow?: Settled<number> } = await run.result;
    expect(results).toEqual({ slow: { status: "completed", value: 20 } });
  });

  it("each visit leaves its own, and one state collects them all", async () => {
    const again = runnable("again", (_: unknown, { visit }) => [visit * 2, 100 + visit * 2]);
    const looping = orchestration("looping", (o) =>
      o
        .start(again)
        .advance(again, quick)
        .advance(quick, again, { when: ([one]) => one! < 4 })
        .advance(quick, rest)
        .finish(rest),
    );
    const { run } = await on(looping, undefined);
    expect(await run.result).toMatchObject([{ value: 102 }, { value: 104 }]);
  });
});

describe("what collects", () => {
  const refused = '"rest" collects what "quick" left in the background, and no such state is beside it.';

  it("is refused in a definition that has nothing to collect: no such state, a state without a background, or a branch", () => {
    const alone = (): unknown => orchestration("alone", (o) => o.start(rest).finish(rest));
    expect(alone).toThrow(`${refused} Make "rest" and "quick" states of one orchestration.`);
    const other = each("quick", work, { first: 1 });
    expect(() => orchestration("other", (o) => o.start(other).advance(other, rest).finish(rest))).toThrow(
      refused,
    );
    const within = all("within", { rest });
    expect(() =>
      orchestration("branch", (o) => o.start(quick).advance(quick, within).finish(within)),
    ).toThrow(refused);
    const chosen = choose("chosen", { rest }, () => "rest");
    expect(() =>
      orchestration("choice", (o) => o.start(quick).advance(quick, chosen).finish(chosen)),
    ).toThrow(refused);
  });

  it("fails when it begins where it is made on the way", async () => {
    const { run } = await on(making(rest), [1]);
    await expect(run.result).rejects.toThrow(refused.replace("rest", "made"));
  });
});

describe("a branch with a background, in a list with one place", () => {
  const nothing = sleep<number>("nothing", 40);
  it.each([
    ["works for a while", runnable("works", (_: number, ctx) => take(40, ctx)), [0, 40, 80]],
    ["works until it is stopped", runnable("works", (_: number, ctx) => take(400, ctx)), [0, 100, 200]],
    ["only waits", nothing, [0, 0, 0]],
    ["has a branch that works, and one that waits", all("both", { nothing, works: work }), [0, 16, 34]],
  ])("keeps the place while its background %s, and its state waits", async (_, left, expected) => {
    const began: number[] = [];
    const begins = runnable("begins", (value: number) => {
      began.push(clock.now());
      return value;
    });
    const back = background<number, unknown>("back", left);
    const pause = sleep<number>("pause", 100);
    const branch = orchestration<number, number>("branch", (o) =>
      o.start(begins).advance(begins, back).advance(back, pause).finish(pause),
    );
    const list = each("list", branch, { concurrency: 1 });
    const flow = orchestration("limited", (o) => o.start(list).finish(list));
    const { run } = await on(flow, [16, 18, 20]);

    expect(await run.result).toEqual([16, 18, 20]);
    expect(began.map((at) => at - began[0]!)).toEqual(expected);
  });

  it("takes the place again when its background goes on after a wait", async () => {
    const began: number[] = [];
    const begins = runnable("begins", (_: number, ctx) => {
      began.push(clock.now());
      return take(10, ctx);
    });
    const waits = sleep<number>("waits", 44);
    const works = runnable("works", (_: number, ctx) => take(40, ctx));
    const left = orchestration<number, number>("left", (o) =>
      o.start(waits).advance(waits, works).finish(works),
    );
    const back = background<number, unknown>("back", left);
    const pause = sleep<number>("pause", 100);
    const branch = orchestration<number, number>("branch", (o) =>
      o.start(back).advance(back, begins).advance(begins, pause).finish(pause),
    );
    const list = each("list", branch, { concurrency: 1 });
    const flow = orchestration("limited", (o) => o.start(list).finish(list));
    const { run } = await on(flow, [1, 2, 3, 4, 5, 6]);
    await run.result;

    // At 50 the fifth begins to wait, and what the first and the second left works.
    expect(began.map((at) => at - began[0]!)).toEqual([0, 10, 20, 30, 40, 124]);
  });
});

describe("a branch in the background that is stopped from outside", () => {
  it("races a signal: its work is aborted and awaited, the rest of the run goes on, and collect has what the signal brought", async () => {
    stopped = [];
    clock = manualClock();
    const stop = signal("stop", anyText);
    const audit = runnable("audit", (_: unknown, ctx) => take(1_000, ctx));
    const told = until("told", { signal: stop });
    const auditing = background("auditing", race("auditOrStop", { audit, told }));
    const later = sleep<unknown>("later", 50);
    const audited = collect("audited", auditing);
    const order = orchestration("order", (o) =>
      o.start(auditing).advance(auditing, later).advance(later, audited).finish(audited),
    );
    const host = new DurableHost(memoryStore(), { clock });
    const run = order.start(undefined as never, { host, runId: "r" });
    for await (const { type } of run.events()) if (type === "state.waiting") break;

    await host.signal(order, "r", stop, "not needed");
    while (run.status !== "completed" && (await clock.runNext()));

    expect(await run.result).toEqual({ by: "signal", value: "not needed" });
    expect(stopped).toEqual([1_000]);
    const ends = (await host.events(order, "r")).flatMap((event) =>
      event.type === "state.failed" ? [[event.state, event.cancelled]] : [],
    );
    expect(ends).toEqual([["audit", true]]);
  });
});
