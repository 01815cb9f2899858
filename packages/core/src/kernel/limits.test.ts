import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import {
  all,
  each,
  isOrchError,
  type OrchestrationEvent,
  type OrchestrationOptions,
  orchestration,
  type Runnable,
  race,
  runnable,
  sleep,
} from "../index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>, options: OrchestrationOptions = {}) {
  return orchestration("flow", (o) => o.start(only).finish(only), options);
}

/** The failed state's code, given as an output by a catch edge around it. */
function caught<TInput>(only: Runnable<TInput, unknown>) {
  const rescue = runnable("rescue", (code: string) => code);
  return orchestration("outer", (o) =>
    o
      .start(only)
      .catch(only, rescue, { convert: (error) => error.code })
      .finish(only, rescue),
  );
}

/** Spends, and goes on until it is stopped. */
const spends = runnable("spends", (tokens: number, ctx) => {
  ctx.spend({ inputTokens: tokens, cost: tokens / 100 });
  return new Promise<number>((resolve, reject) => {
    ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason));
    setImmediate(resolve, tokens);
  });
});

describe("a budget", () => {
  it("lets through what it allows, to the last token", async () => {
    expect(await alone(spends, { budget: { maxTokens: 10 } }).run(10)).toBe(10);
  });

  it.each([
    ["tokens", { maxTokens: 10 }, "11 of 10 tokens"],
    ["money", { maxCost: 0.1 }, "0.1100 of 0.1 US dollars"],
    ["either", { maxTokens: 1_000, maxCost: 0.1 }, "0.1100 of 0.1 US dollars"],
  ])(
    "fails its orchestration when more %s are spent, and aborts what is open",
    async (_what, budget, says) => {
      let reason: unknown;
      const work = runnable("work", (_: unknown, ctx) => {
        ctx.spend({ inputTokens: 5, outputTokens: 6, cost: 0.11, model: "local/x" });
        return new Promise((_resolve, reject) => {
          ctx.signal.addEventListener("abort", () => {
            reason = ctx.signal.reason;
            reject(reason);
          });
        });
      });
      const run = alone(work, { budget }).start(undefined);

      await expect(run.result).rejects.toMatchObject({
        code: "ORCH_BUDGET",
        message: expect.stringContaining(says),
        facts: { orchestration: "flow", path: "flow", tokens: 11, cost: 0.11, ...budget },
      });
      expect(isOrchError(reason, "ORCH_BUDGET")).toBe(true);
      expect(run.describe().spent).toEqual({ tokens: 11, cost: 0.11 });
    },
  );

  it("counts over states, and fails although the result is there", async () => {
    const pays = runnable("pays", (n: number, ctx) => {
      ctx.spend({ outputTokens: 4 });
      return n + 1;
    });
    const flow = orchestration(
      "flow",
      (o) =>
        o
          .start(pays)
          .advance(pays, pays, { when: (n) => n < 3 })
          .finish(pays),
      { budget: { maxTokens: 11 } },
    );

    await expect(flow.run(0)).rejects.toMatchObject({ code: "ORCH_BUDGET", facts: { tokens: 12 } });
    expect(await flow.run(1)).toBe(3);
  });

  it("counts all branches of a fan-out together", async () => {
    const flow = alone(each("fan", spends), { budget: { maxTokens: 10 } });

    expect(await flow.run([3, 3, 4])).toEqual([3, 3, 4]);
    await expect(flow.run([3, 4, 4])).rejects.toMatchObject({ code: "ORCH_BUDGET" });
  });

  it("of a nested orchestration fails that one, which a catch edge takes", async () => {
    const inner = alone(spends, { budget: { maxTokens: 10 } });

    expect(await caught(inner).run(11)).toBe("ORCH_BUDGET");
    expect(await caught(inner).run(10)).toBe(10);
  });

  it("counts what is spent in a nested orchestration that has none", async () => {
    const inner = alone(spends);
    const outer = orchestration("outer", (o) => o.start(inner).finish(inner), { budget: { maxTokens: 10 } });
    const run = outer.start(11);

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_BUDGET" });
    expect(await outer.run(10)).toBe(10);
  });

  it("of the outer orchestration counts what inner ones spend", async () => {
    const inner = alone(spends, { budget: { maxTokens: 100 } });
    const outer = orchestration("outer", (o) => o.start(inner).finish(inner), { budget: { maxTokens: 10 } });

    await expect(outer.run(11)).rejects.toMatchObject({
      code: "ORCH_BUDGET",
      facts: { orchestration: "outer" },
    });
  });

  it("is reported by the outermost when both are passed at once", async () => {
    const inner = alone(spends, { budget: { maxTokens: 10 } });
    const outer = orchestration("outer", (o) => o.start(inner).finish(inner), { budget: { maxTokens: 10 } });

    await expect(outer.run(11)).rejects.toMatchObject({ facts: { orchestration: "outer" } });
  });

  it("counts each entry of a nested orchestration from nothing", async () => {
    const inner = alone(spends, { budget: { maxTokens: 10 } });

    expect(await alone(each("fan", inner)).run([9, 9, 9])).toEqual([9, 9, 9]);
  });

  it("counts what a loser of a race spent before it lost, and nothing after", async () => {
    const clock = manualClock();
    let refusal: unknown;
    const late = runnable("late", (_: unknown, ctx) => {
      ctx.spend({ inputTokens: 7 });
      ctx.signal.addEventListener("abort", () => {
        try {
          ctx.spend({ inputTokens: 100 });
        } catch (error) {
          refusal = error;
        }
      });
      return new Promise<string>(() => {});
    });
    const pick = race("pick", { late, quick: runnable("quick", (_: unknown) => "q") });
    const run = alone(pick).start(undefined, { clock, grace: 10 });
    await clock.advance(10);

    expect(await run.result).toBe("q");
    expect(run.describe().spent).toEqual({ tokens: 7, cost: 0 });
    expect(refusal).toMatchObject({ code: "ORCH_CANCELLED" });
  });

  it("is counted by hand-called composites too", async () => {
    const fan = each("fan", spends);
    const outer = runnable("outer", (items: number[], ctx) => fan.invoke(items, ctx));

    await expect(alone(outer, { budget: { maxTokens: 5 } }).run([3, 3])).rejects.toMatchObject({
      code: "ORCH_BUDGET",
      facts: { tokens: 6 },
    });
  });

  it.each([
    ["maxTokens", 0],
    ["maxCost", -1],
    ["maxTokens", Number.NaN],
  ])("is refused with a %s of %s", (name, most) => {
    expect(() => alone(spends, { budget: { [name]: most } })).toThrow(`The budget's ${name} is ${most}`);
  });
});

describe("a deadline", () => {
  it("fails its orchestration, and aborts what is open", async () => {
    const clock = manualClock();
    const run = alone(sleep("nap", 1_000), { deadline: 300 }).start(undefined, { clock });
    await clock.advance(299);
    expect(run.status).toBe("running");
    await clock.advance(1);

    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_DEADLINE",
      facts: { orchestration: "flow", path: "flow", deadline: 300 },
    });
    expect(clock.pending()).toBe(0);
  });

  it("leaves no timer when the orchestration ends in time", async () => {
    const clock = manualClock();
    const inner = alone(sleep<number>("nap", 10), { deadline: 1_000 });
    const fan = each("fan", inner);
    const run = orchestration("outer", (o) => o.start(fan).finish(fan), { deadline: 5_000 }).start([1, 2], {
      clock,
    });
    await clock.advance(10);

    expect(await run.result).toEqual([1, 2]);
    expect(clock.pending()).toBe(0);
  });

  it("of a nested orchestration fails that one, which a catch edge takes", async () => {
    const clock = manualClock();
    const run = caught(alone(sleep<number>("nap", 1_000), { deadline: 100 })).start(1, { clock });
    await clock.advance(100);

    expect(await run.result).toBe("ORCH_DEADLINE");
    expect(clock.pending()).toBe(0);
  });

  it("of one branch leaves the others alone where failures are results", async () => {
    const clock = manualClock();
    const inner = alone(
      sleep("nap", (ms: number) => ms),
      { deadline: 100 },
    );
    const run = alone(each("fan", inner, { settled: true })).start([50, 500, 99], { clock });
    await clock.advance(100);

    expect(await run.result).toMatchObject([
      { status: "completed", value: 50 },
      { status: "failed", error: { code: "ORCH_DEADLINE" } },
      { status: "completed", value: 99 },
    ]);
  });

  it("takes nothing for the next state that work gives late which was given up", async () => {
    const clock = manualClock();
    const late = Promise.withResolvers<string>();
    const right = Promise.withResolvers<string>();
    const deaf = runnable("deaf", () => late.promise);
    const next = runnable("next", () => right.promise);
    const inner = alone(deaf, { deadline: 100 });
    const outer = orchestration("outer", (o) =>
      o
        .start(inner)
        .catch(inner, next, { convert: () => undefined })
        .finish(inner, next),
    );
    const run = outer.start(undefined, { clock, grace: 10 });
    await clock.advance(100);
    await clock.advance(10);
    late.resolve("late");
    await clock.advance(0);
    expect(run.describe().open).toMatchObject([{ path: "outer/next#1" }]);
    right.resolve("right");

    expect(await run.result).toBe("right");
  });

  it("waits for work that ignores its signal no longer than the grace time", async () => {
    const clock = manualClock();
    const deaf = runnable("deaf", (_: unknown) => new Promise<string>(() => {}));
    const run = alone(deaf, { deadline: 100 }).start(undefined, { clock, grace: 30 });
    await clock.advance(129);
    expect(run.status).toBe("running");
    await clock.advance(1);

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_DEADLINE" });
  });

  it("that passes after its orchestration has ended does nothing", async () => {
    const clock = manualClock();
    const inner = alone(
      runnable("quick", (n: number) => n),
      { deadline: 50 },
    );
    const nap = sleep<number>("nap", 100);
    const run = orchestration("outer", (o) => o.start(inner).advance(inner, nap).finish(nap)).start(1, {
      clock,
    });
    await clock.advance(100);

    expect(await run.result).toBe(1);
  });

  it.each([0, -1, Number.NaN])("is refused when it is %s", (deadline) => {
    expect(() => alone(spends, { deadline })).toThrow("The deadline is");
  });
});

describe("maxVisits", () => {
  /** Code, build, review, and again until the build passes: the coding agent's loop. */
  function coding(passesAt: number, maxVisits?: number) {
    const tries: string[] = [];
    const code = runnable({
      id: "code",
      ...(maxVisits === undefined ? {} : { maxVisits }),
      invoke: (task: string, { visit }) => `${task}, try ${visit}`,
    });
    const build = runnable("build", (text: string, { visit }) => {
      tries.push(text);
      return { ok: visit >= passesAt, text };
    });
    const review = runnable("review", ({ text }: { text: string }) => `reviewed: ${text}`);
    const flow = orchestration("coding", (o) =>
      o
        .start(code)
        .advance(code, build)
        .advance(build, review, { when: ({ ok }) => ok })
        .advance(build, code, { label: "again", convert: ({ text }) => text.split(",")[0]! })
        .finish(review),
    );
    return { flow, tries };
  }

  it("lets a loop end by itself", async () => {
    const { flow, tries } = coding(3, 3);

    expect(await flow.run("parser")).toBe("reviewed: parser, try 3");
    expect(tries).toEqual(["parser, try 1", "parser, try 2", "parser, try 3"]);
  });

  it("ends a loop that goes on, and names who leads there once more", async () => {
    const { flow, tries } = coding(9, 3);

    await expect(flow.run("parser")).rejects.toMatchObject({
      code: "ORCH_MAX_VISITS",
      facts: { orchestration: "coding", runnable: "code", maxVisits: 3, from: "build", path: "coding" },
    });
    expect(tries).toHaveLength(3);
  });

  it("tells of no move to a state that is not entered", async () => {
    const run = coding(9, 1).flow.start("parser");
    const moves: string[] = [];
    for await (const event of run.events()) if (event.type === "state.transition") moves.push(event.to);

    expect(moves).toEqual(["build"]);
  });

  it("counts one execution, and not those before it", async () => {
    const { flow } = coding(3, 3);

    expect(await alone(each("fan", flow)).run(["a", "b"])).toEqual([
      "reviewed: a, try 3",
      "reviewed: b, try 3",
    ]);
    expect(await flow.run("c")).toBe("reviewed: c, try 3");
  });

  it("is a failure that an edge around the orchestration takes", async () => {
    expect(await caught(coding(9, 2).flow).run("x")).toBe("ORCH_MAX_VISITS");
  });

  it.each([0, Number.NaN])("is refused when it is %s", (maxVisits) => {
    expect(() => alone(runnable({ id: "x", maxVisits, invoke: () => 1 }))).toThrow('The maxVisits of "x" is');
  });
});

describe("rerun", () => {
  function until(good: number, attempts: number) {
    const inputs: string[] = [];
    const work = runnable({
      id: "work",
      rerun: { attempts },
      invoke: (text: string, { visit }) => {
        inputs.push(text);
        return visit;
      },
    });
    const end = runnable("end", (n: number) => n * 100);
    const flow = orchestration("flow", (o) =>
      o
        .start(work)
        .advance(work, end, { when: (n) => n >= good })
        .finish(end),
    );
    return { flow, inputs };
  }

  it("enters a state again with the same input when no advancer takes its output", async () => {
    const { flow, inputs } = until(3, 3);
    const run = flow.start("x");
    const moves: OrchestrationEvent[] = [];
    for await (const event of run.events()) if (event.type === "state.transition") moves.push(event);

    expect(await run.result).toBe(300);
    expect(inputs).toEqual(["x", "x", "x"]);
    expect(moves).toMatchObject([
      { from: "work", to: "work", cause: "rerun", path: "flow/work#1", advancers: [{ verdict: "declined" }] },
      { from: "work", to: "work", cause: "rerun", path: "flow/work#2" },
      { from: "work", to: "end", cause: "output" },
    ]);
  });

  it("ends with what the advancers said when its attempts are used up", async () => {
    const { flow, inputs } = until(4, 3);

    await expect(flow.run("x")).rejects.toMatchObject({
      code: "ORCH_NO_ADVANCE",
      facts: { runnable: "work", path: "flow/work#3" },
    });
    expect(inputs).toHaveLength(3);
  });

  it("counts anew when the state was left in between, or was led to by an edge", async () => {
    let calls = 0;
    const odd = runnable({
      id: "odd",
      rerun: { attempts: 2 },
      invoke: (n: number) => {
        calls += 1;
        return calls % 2 === 0 ? n + 1 : -1;
      },
    });
    const end = runnable("end", (n: number) => n);
    const flow = orchestration("flow", (o) =>
      o
        .start(odd)
        .advance(odd, odd, { when: (n) => n >= 0 && n < 5 })
        .advance(odd, end, { when: (n) => n >= 5 })
        .finish(end),
    );

    expect(await flow.run(0)).toBe(5);
    expect(calls).toBe(10);
  });

  it("counts as visits and as steps", async () => {
    const visits = runnable({ id: "work", rerun: { attempts: 9 }, maxVisits: 2, invoke: () => 1 });
    const end = runnable("end", (n: number) => n);
    const flow = (work: Runnable<unknown, number>, options: OrchestrationOptions) =>
      orchestration(
        "flow",
        (o) =>
          o
            .start(work)
            .advance(work, end, { when: () => false })
            .finish(end),
        options,
      );
    const steps = runnable({ id: "work", rerun: { attempts: 9 }, invoke: () => 1 });

    await expect(flow(visits, {}).run(undefined)).rejects.toMatchObject({
      code: "ORCH_MAX_VISITS",
      facts: { from: "work" },
    });
    await expect(flow(steps, { maxSteps: 4 }).run(undefined)).rejects.toMatchObject({
      code: "ORCH_MAX_STEPS",
      facts: { cycle: "work -> work" },
    });
  });

  it("is not asked for a failure, nor where the state finishes", async () => {
    let calls = 0;
    const fails = runnable({
      id: "fails",
      rerun: { attempts: 3 },
      invoke: () => {
        calls += 1;
        throw new Error("no");
      },
    });
    const ends = runnable({ id: "ends", rerun: { attempts: 3 }, invoke: () => ++calls });

    await expect(alone(fails).run(undefined)).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    expect(await alone(ends).run(undefined)).toBe(2);
  });

  it.each([0, Number.NaN])("is refused with %s attempts", (attempts) => {
    expect(() => until(1, attempts)).toThrow(`The rerun.attempts of "work" is ${attempts}`);
  });

  it("gives the failure of a stuck state to an edge around the orchestration", async () => {
    expect(await caught(until(9, 2).flow).run("x")).toBe("ORCH_NO_ADVANCE");
  });
});

describe("settled", () => {
  const half = runnable("half", async (n: number) => {
    if (n % 2 === 1) throw new RangeError(`${n} is odd`);
    return n / 2;
  });

  it("takes failures as results like any other, as plain data", async () => {
    const result = await alone(each("fan", half, { settled: true })).run([2, 3, 4]);

    expect(result).toEqual([
      { status: "completed", value: 1 },
      {
        status: "failed",
        error: {
          name: "RunnableError",
          code: "ORCH_RUNNABLE_FAILED",
          message: expect.stringContaining("3 is odd"),
          fix: expect.any(String),
          facts: { runnable: "half", path: "flow/fan#1[1]/half#1", visit: 1, attempt: 1 },
          cause: { name: "RangeError", message: "3 is odd" },
        },
      },
      { status: "completed", value: 2 },
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it("names results by branch, and leaves out those that were skipped", async () => {
    const fan = all(
      "fan",
      { good: half, bad: runnable("bad", (n: number) => half.invoke(n + 1, null as never)), never: half },
      { settled: true, when: { never: () => false } },
    );

    expect(await alone(fan).run(2)).toEqual({
      good: { status: "completed", value: 1 },
      bad: { status: "failed", error: expect.objectContaining({ code: "ORCH_RUNNABLE_FAILED" }) },
    });
  });

  it("gives nothing for nothing, and fails with a condition that throws", async () => {
    const broken = all(
      "broken",
      { half },
      {
        settled: true,
        when: {
          half: () => {
            throw new Error("odd condition");
          },
        },
      },
    );

    expect(await alone(each("fan", half, { settled: true })).run([])).toEqual([]);
    await expect(alone(broken).run(1)).rejects.toThrow("odd condition");
  });

  it("is cancelled from outside, and then has no results", async () => {
    const clock = manualClock();
    const run = alone(each("fan", sleep<number>("nap", 1_000), { settled: true })).start([1, 2, 3], {
      clock,
    });
    await clock.advance(1);
    await run.cancel("enough");

    expect(run.status).toBe("cancelled");
    expect(clock.pending()).toBe(0);
  });
});
