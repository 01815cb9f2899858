import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import {
  each,
  isOrchError,
  type OrchestrationEvent,
  orchestration,
  type Run,
  type Runnable,
  race,
  runnable,
  sleep,
} from "../index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

async function eventsOf(run: Run<unknown>): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

/** A runnable that ends when the test says so, or when it is stopped. */
function held(id: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let stopped: unknown;
  const state = runnable(id, (_: unknown, ctx) => {
    ctx.signal.addEventListener("abort", () => {
      stopped = ctx.signal.reason;
      reject(ctx.signal.reason);
    });
    return promise;
  });
  return { state, resolve, fail: (says: string) => reject(new Error(says)), stopped: () => stopped };
}

const says = (id: string, text: string) => runnable(id, (_: unknown) => text);
const breaks = (id: string) =>
  runnable(id, (_: unknown): string => {
    throw new Error(`${id} broke`);
  });

describe("race", () => {
  it("completes with the first value, and the losers are aborted and awaited", async () => {
    const slow = held("slow");
    const quick = held("quick");
    const run = alone(race("pick", { slow: slow.state, quick: quick.state })).start(undefined);
    await turn();
    quick.resolve("first");

    expect(await run.result).toBe("first");
    expect(slow.stopped()).toMatchObject({ code: "ORCH_CANCELLED", facts: { reason: '"quick" was faster' } });
    const ends = (await eventsOf(run)).filter((event) => event.type === "state.failed");
    expect(ends).toMatchObject([{ path: "flow/pick#1[slow]/slow#1", cancelled: true }]);
  });

  it("waits for a loser that ignores its signal no longer than the grace time", async () => {
    const clock = manualClock();
    const late = Promise.withResolvers<string>();
    const deaf = runnable("deaf", (_: unknown) => late.promise);
    const run = alone(race("pick", { deaf, quick: says("quick", "done") })).start(undefined, {
      clock,
      grace: 70,
    });
    await clock.advance(69);
    expect(run.status).toBe("running");
    await clock.advance(1);
    late.resolve("too late");

    expect(await run.result).toBe("done");
    expect(clock.pending()).toBe(0);
    const events = await eventsOf(run);
    expect(events.filter((event) => event.type === "state.failed")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("run.completed");
  });

  it("drops what a loser gives while the run goes on", async () => {
    const clock = manualClock();
    const late = Promise.withResolvers<string>();
    const deaf = runnable("deaf", (_: unknown) => late.promise);
    const pick = race("pick", { deaf, quick: says("quick", "done") });
    const nap = sleep<string>("nap", 1_000);
    const flow = orchestration("flow", (o) => o.start(pick).advance(pick, nap).finish(nap));
    const run = flow.start(undefined, { clock, grace: 10 });
    await clock.advance(500);
    late.resolve("too late");
    await clock.advance(510);

    expect(await run.result).toBe("done");
  });

  it("gives the first n values in the order they came", async () => {
    const [a, b, c] = [held("a"), held("b"), held("c")];
    const quorum = race("quorum", { a: a.state, b: b.state, c: c.state }, { first: 2 });
    const run = alone(quorum).start(undefined);
    await turn();
    c.resolve("c");
    await turn();
    expect(run.status).toBe("running");
    a.resolve("a");

    expect(await run.result).toEqual(["c", "a"]);
    expect(b.stopped()).toBeInstanceOf(Error);
  });

  it("gives a list of one for `first: 1`", async () => {
    expect(await alone(race("one", { a: says("a", "x") }, { first: 1 })).run(undefined)).toEqual(["x"]);
  });

  it("goes on with those that are left when a branch fails", async () => {
    const flow = alone(race("two", { a: breaks("a"), b: says("b", "b"), c: says("c", "c") }, { first: 2 }));
    expect(await flow.run(undefined)).toEqual(["b", "c"]);
  });

  it("fails as soon as too few branches are left, names every failure, and stops the rest", async () => {
    const rest = held("rest");
    const flow = alone(race("two", { a: breaks("a"), b: breaks("b"), rest: rest.state }, { first: 2 }));

    await expect(flow.run(undefined)).rejects.toMatchObject({
      code: "ORCH_RACE_LOST",
      facts: { race: "two", path: "flow/two#1", wanted: 2, failures: [{}, {}] },
      message: expect.stringMatching(/needed 2 values.*a broke.*b broke/s),
      cause: { code: "ORCH_RUNNABLE_FAILED", facts: { runnable: "b" } },
    });
    expect(rest.stopped()).toMatchObject({ facts: { reason: "too few branches of the race were left" } });
  });

  it("is lost when its only branch fails, which a catch edge takes", async () => {
    const only = race("only", { a: breaks("a") });
    const rescue = runnable("rescue", (text: string) => text);
    const flow = orchestration("caught", (o) =>
      o
        .start(only)
        .catch(only, rescue, {
          when: (error) => isOrchError(error, "ORCH_RACE_LOST"),
          convert: (error) => error.message,
        })
        .finish(only, rescue),
    );

    expect(await flow.run(undefined)).toContain('"only" needed one value');
  });

  it.each([
    ["no branches", () => race("none", {}), 'The race "none" waits for 1 of 0 branches'],
    ["more values than branches", () => race("many", { a: says("a", "") }, { first: 2 }), "waits for 2 of 1"],
    ["no values", () => race("zero", { a: says("a", "") }, { first: 0 }), "waits for 0 of 1"],
    [
      "values without number",
      () => race("nan", { a: says("a", "") }, { first: Number.NaN }),
      "waits for NaN of 1",
    ],
    [
      "no concurrency",
      () => race("still", { a: says("a", "") }, { concurrency: 0 }),
      'concurrency of "still" is 0',
    ],
  ])("is refused with %s", (_what, make, problem) => {
    expect(() => alone(make() as Runnable<unknown, unknown>)).toThrow(problem);
  });

  it("opens branches in their order when its concurrency is limited, and none after the first value", async () => {
    const opened: string[] = [];
    const note = (id: string, fails: boolean) =>
      runnable(id, (_: unknown) => {
        opened.push(id);
        if (fails) throw new Error("no");
        return id;
      });
    const flow = alone(
      race("row", { a: note("a", true), b: note("b", false), c: note("c", false) }, { concurrency: 1 }),
    );

    expect(await flow.run(undefined)).toBe("b");
    expect(opened).toEqual(["a", "b"]);
  });

  it("nests in a fan-out and in another race", async () => {
    const slower = sleep<number>("slower", 100);
    const twice = runnable("twice", (n: number) => n * 2);
    const inner = race("inner", { slower, twice });
    const outer = race("outer", { inner, slowest: sleep<number>("slowest", 1_000) });
    const clock = manualClock();
    const flow = alone(each("all", outer));

    expect(await flow.run([1, 2, 3], { clock })).toEqual([2, 4, 6]);
    expect(clock.pending()).toBe(0);
  });

  it("ends as a timeout when one of its branches is a sleep", async () => {
    const clock = manualClock();
    const work = held("work");
    const limited = race("limited", { work: work.state, late: sleep("late", 250) });
    const given = alone(limited).start(undefined, { clock });
    await clock.advance(249);
    expect(given.status).toBe("running");
    await clock.advance(1);

    expect(await given.result).toBeUndefined();
    expect(work.stopped()).toMatchObject({ facts: { reason: '"late" was faster' } });
  });

  it("is cancelled from outside with all its branches", async () => {
    const [a, b] = [held("a"), held("b")];
    const run = alone(race("pick", { a: a.state, b: b.state })).start(undefined);
    await turn();
    await run.cancel("enough");

    expect(run.status).toBe("cancelled");
    expect(a.stopped()).toMatchObject({ facts: { reason: "enough" } });
    expect(b.stopped()).toMatchObject({ facts: { reason: "enough" } });
  });

  it("ends as cancelled when the run is cancelled while a loser still settles", async () => {
    const clock = manualClock();
    const deaf = runnable("deaf", (_: unknown) => new Promise<string>(() => {}));
    const pick = race("pick", { deaf, quick: says("quick", "done") });
    const after = runnable("after", (text: string) => text);
    const flow = orchestration("flow", (o) => o.start(pick).advance(pick, after).finish(after));
    const run = flow.start(undefined, { clock, grace: 100 });
    await clock.advance(50);
    const cancelled = run.cancel("stop");
    await clock.advance(100);
    await cancelled;

    expect(run.status).toBe("cancelled");
    expect((await eventsOf(run)).filter((event) => event.type === "state.transition")).toEqual([]);
  });
});
