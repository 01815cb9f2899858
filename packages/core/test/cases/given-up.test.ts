/** Rule 24: what was given up can do nothing more. */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { memoryHost, performOperation } from "../../src/host.ts";
import {
  channel,
  each,
  orchestration,
  type RunContext,
  type Runnable,
  race,
  runnable,
  type Schema,
  sharedState,
  sleep,
} from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const words = channel<string>("words");
const notes = sharedState("notes", {
  all: { start: [] as string[], reduce: (a: string[], b: string[]) => [...a, ...b] },
});

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>, id = "flow") {
  return orchestration(id, (o) => o.start(only).finish(only));
}

/** Tries every call of a context; gives the codes that they were refused with, and how often `make` was called. */
async function tryAll(ctx: RunContext): Promise<{ codes: string[]; made: number }> {
  const codes: string[] = [];
  let made = 0;
  const attempts: (() => unknown)[] = [
    () => ctx.once("pay", () => (made += 1)),
    () => ctx.ask({ name: "late", prompt: "?", answer: anything }),
    () => ctx.emit(words, "late"),
    () => ctx.spend({ inputTokens: 1_000 }),
    () => ctx.reserve({ inputTokens: 1_000 }),
    () => ctx.state(notes).add("all", ["late"]),
  ];
  for (const attempt of attempts) {
    try {
      await attempt();
      codes.push("none");
    } catch (error) {
      codes.push((error as { code?: string }).code ?? String(error));
    }
  }
  return { codes, made };
}

/** A state that looks at its signal nowhere: when the test lets it, it tries everything. */
function deaf(options: { timeout?: number; attempts?: number } = {}) {
  const contexts: RunContext[] = [];
  const { timeout, attempts = 1 } = options;
  const state = runnable({
    id: "deaf",
    ...(timeout === undefined ? {} : { timeout }),
    ...(attempts === 1 ? {} : { retry: { attempts, firstDelay: 10, jitter: false } }),
    invoke: (_: string, ctx) => {
      contexts.push(ctx);
      return new Promise<string>(() => {});
    },
  });
  return { contexts, state };
}

const refused = (code: string) => ({ codes: Array(6).fill(code) as string[], made: 0 });

describe("P17: a context of work that was given up", () => {
  it("E13: does nothing after a cancel, in the grace time and after it", async () => {
    const clock = manualClock();
    const { contexts, state } = deaf();
    const told: string[] = [];
    const run = alone(state).start("x", { clock, grace: 50, onEvent: ({ type }) => void told.push(type) });
    await clock.advance(10);
    const cancelled = run.cancel("enough");
    const inGrace = await tryAll(contexts[0]!);
    await clock.advance(50);
    await cancelled;

    expect(inGrace).toEqual(refused("ORCH_CANCELLED"));
    expect(await tryAll(contexts[0]!)).toEqual(refused("ORCH_CANCELLED"));
    expect(told).toEqual(["run.started", "state.started", "state.failed", "run.cancelled"]);
    expect(run.describe().spent).toEqual({ tokens: 0, cost: 0 });
    expect(run.questions).toEqual([]);
  });

  it("E13: does nothing after it lost a race", async () => {
    const clock = manualClock();
    const { contexts, state } = deaf();
    const first = race("first", { deaf: state, quick: sleep<string>("quick", 5) });
    const result = alone(first).run("x", { clock, grace: 10 });
    await clock.advance(20);

    expect(await result).toBe("x");
    expect(await tryAll(contexts[0]!)).toEqual(refused("ORCH_CANCELLED"));
  });

  it("E13: does nothing after a suspension, and the resumed run does it once", async () => {
    const clock = manualClock();
    const host = memoryHost({ clock });
    const lives: RunContext[] = [];
    let made = 0;
    const go = Promise.withResolvers<void>();
    const pay = runnable("pay", async (_: string, ctx) => {
      lives.push(ctx);
      await go.promise;
      return ctx.once("pay", () => (made += 1));
    });
    const run = alone(pay).start("x", { host, runId: "r" });
    await clock.advance(1);
    await run.suspend();
    const resumed = await host.resume(alone(pay), "r");
    await clock.advance(1);
    go.resolve();

    expect(await resumed.result).toBe(1);
    expect(await tryAll(lives[0]!)).toEqual(refused("ORCH_SUSPENDED"));
    expect(await tryAll(lives[1]!)).toEqual(refused("ORCH_TOO_LATE"));
    expect(made).toBe(1);
  });

  it.each([
    ["in memory", () => undefined],
    ["on a durable host", (clock: ReturnType<typeof manualClock>) => memoryHost({ clock })],
  ])("E13, further: does nothing in an attempt whose time was over, %s", async (_where, hostOf) => {
    const clock = manualClock();
    const host = hostOf(clock);
    const { contexts, state } = deaf({ timeout: 100, attempts: 2 });
    const run = alone(state).start("x", { clock, ...(host && { host }) });
    await clock.advance(105);
    expect(await tryAll(contexts[0]!)).toEqual(refused("ORCH_TIMEOUT"));
    await clock.advance(10);
    expect(contexts.length).toBe(2);
    expect(await tryAll(contexts[0]!)).toEqual(refused("ORCH_TIMEOUT"));

    // The attempt that goes on is not touched by that.
    expect(await contexts[1]!.once("pay", () => 7)).toBe(7);
    await clock.advance(200);
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    expect(run.describe().spent).toEqual({ tokens: 0, cost: 0 });
  });

  it("E13, further: does nothing in an attempt that failed, before the next one and beside it", async () => {
    const clock = manualClock();
    const contexts: RunContext[] = [];
    const state = runnable({
      id: "flaky",
      retry: { attempts: 2, firstDelay: 10, jitter: false },
      invoke: (_: string, ctx) => {
        contexts.push(ctx);
        return ctx.attempt === 1 ? Promise.reject(new Error("no")) : "yes";
      },
    });
    const result = alone(state).run("x", { clock });
    await clock.advance(5);
    const between = await tryAll(contexts[0]!);
    await clock.advance(10);

    expect(await result).toBe("yes");
    expect(between).toEqual(refused("ORCH_TOO_LATE"));
    expect(await tryAll(contexts[0]!)).toEqual(refused("ORCH_TOO_LATE"));
    expect(await tryAll(contexts[1]!)).toEqual(refused("ORCH_TOO_LATE"));
  });

  it("E13, further: does nothing in a nested orchestration and in each after a branch failed, through an old view of state too", async () => {
    const clock = manualClock();
    const contexts: RunContext[] = [];
    const branch = runnable("branch", (item: number, ctx) => {
      contexts.push(ctx);
      if (item === 2) throw new Error("no");
      return new Promise<number>(() => {});
    });
    const inner = alone(each("fan", branch), "inner");
    const outer = alone(inner, "outer");
    const result = outer.run([1, 2], { clock, grace: 10 }).catch((error: { code: string }) => error.code);
    const view = contexts[0]!.state(notes);
    await clock.advance(20);

    expect(await result).toBe("ORCH_RUNNABLE_FAILED");
    expect((await tryAll(contexts[0]!)).made).toBe(0);
    expect((await tryAll(contexts[0]!)).codes).not.toContain("none");
    expect(() => view.add("all", ["late"])).toThrow();
    expect(contexts[0]!.state(notes).get("all")).toEqual([]);
  });

  it("E13, further: does nothing after an attempt that another engine performed", async () => {
    let held: RunContext | undefined;
    const state = runnable("far", async (_: string, ctx) => {
      held = ctx;
      await new Promise(() => {});
    });
    const kept: string[] = [];
    const end = new AbortController();
    const outcome = performOperation(
      alone(state),
      { id: "1", runId: "r", path: "flow/far#1", visit: 1, attempt: 1, input: "x" },
      { signal: end.signal, keep: (_, name) => void kept.push(name) },
    );
    await Promise.resolve();
    await held!.once("before", () => 1);
    end.abort(new Error("not wanted"));
    const { codes, made } = await tryAll(held!);

    expect(codes).not.toContain("none");
    expect(made).toBe(0);
    expect(kept).toEqual(["once:before"]);
    void outcome;
  });

  it("E13, further: tells late work of a run that completed", async () => {
    let held: RunContext | undefined;
    const quick = runnable("quick", (x: string, ctx) => {
      held = ctx;
      return x;
    });
    await alone(quick).run("x");

    expect(await tryAll(held!)).toEqual(refused("ORCH_TOO_LATE"));
    await expect(held!.once("pay", () => 1)).rejects.toMatchObject({
      facts: { runnable: "quick", path: "flow/quick#1", attempt: 1 },
    });
  });

  it("does not end the process when nobody looks at the refusal", async () => {
    let held: RunContext | undefined;
    const quick = runnable("quick", (_: string, ctx) => {
      held = ctx;
    });
    await alone(quick).run("x");
    void held!.once("pay", () => 1);
    void held!.ask({ prompt: "?", answer: anything });

    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe("a value that ctx.once is making", () => {
  const paying = () => {
    const paid = Promise.withResolvers<string>();
    let made = 0;
    const state = runnable("pay", (_: string, ctx) =>
      ctx.once("pay", () => {
        made += 1;
        return paid.promise;
      }),
    );
    return { paid, flow: alone(state), made: () => made };
  };

  it.each(["step", "group", "end"] as const)(
    "E13, further: is kept when the run is suspended meanwhile, and not made again (%s)",
    async (durability) => {
      const clock = manualClock();
      const host = memoryHost({ clock, durability });
      const { paid, flow, made } = paying();
      const run = flow.start("x", { host, runId: "r" });
      while (made() === 0) await new Promise((resolve) => setImmediate(resolve));
      const suspended = run.suspend();
      paid.resolve("receipt");
      await suspended;
      const resumed = await host.resume(flow, "r");

      expect(await resumed.result).toBe("receipt");
      expect(made()).toBe(1);
    },
  );

  it("E13, further: is not waited for longer than the grace time", async () => {
    const clock = manualClock();
    const host = memoryHost({ clock });
    const { flow, made } = paying();
    const run = flow.start("x", { host, runId: "r", grace: 40 });
    while (made() === 0) await new Promise((resolve) => setImmediate(resolve));
    const suspended = run.suspend();
    await clock.advance(40);
    await suspended;

    expect((await host.get("r"))?.status).toBe("running");
  });

  it("E13, further: is given to nobody when its activation ended before it was there", async () => {
    const clock = manualClock();
    const { paid, flow, made } = paying();
    const run = flow.start("x", { clock, grace: 10 });
    await clock.advance(1);
    const cancelled = run.cancel("enough");
    await clock.advance(10);
    await cancelled;
    paid.resolve("receipt");

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(made()).toBe(1);
  });

  it("E13, further: is shared with the next attempt when the time of its own was over", async () => {
    const clock = manualClock();
    const paid = Promise.withResolvers<string>();
    let made = 0;
    const pay = runnable({
      id: "pay",
      timeout: 100,
      retry: { attempts: 2, firstDelay: 10, jitter: false },
      invoke: (_: string, ctx) =>
        ctx.once("pay", () => {
          made += 1;
          return paid.promise;
        }),
    });
    const result = alone(pay).run("x", { clock });
    await clock.advance(150);
    paid.resolve("receipt");

    expect(await result).toBe("receipt");
    expect(made).toBe(1);
  });
});
