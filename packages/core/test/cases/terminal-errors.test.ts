/** A terminal error stops the spending: its fan-out halts, the end has a census, and a retry runs what failed or is open. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import {
  all,
  each,
  FatalError,
  isOrchError,
  type OrchError,
  type OrchestrationEvent,
  orchestration,
  type Runnable,
  race,
  runnable,
} from "../../src/index.ts";
import { branchesOf, retryUntilDone } from "./paid-branches.ts";

const alone = (only: Runnable<never, unknown>, id = "f") =>
  orchestration(id, (o) => o.start(only as Runnable<unknown, unknown>).finish(only));

const sixty = Array.from({ length: 60 }, (_, index) => index);

async function failure(result: Promise<unknown>): Promise<OrchError<"ORCH_HALTED">> {
  const error: unknown = await result.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  if (isOrchError(error, "ORCH_HALTED")) return error;
  throw error;
}

describe("P20: a terminal error", () => {
  it("point 7: starts nothing more in a settled each, and ends it with a census", async () => {
    const paid = branchesOf({ dies: (n) => n === 5 });
    const flow = alone(each("verify", paid.branch, { settled: true, concurrency: 4 }));
    const events: OrchestrationEvent[] = [];
    const error = await failure(flow.run(sixty, { onEvent: (event) => void events.push(event) }));

    expect(paid.after()).toBe(0);
    const { done, failed, open, failedPaths, openPaths } = error.facts;
    expect([done, failed, open]).toEqual([paid.started.length - 1, 1, 60 - paid.started.length]);
    expect(failedPaths).toEqual(
      ["f/verify#1[5]/verify#1"].map((path) => path.replace(/verify#1$/, "paid#1")),
    );
    expect(openPaths).toHaveLength(20);
    expect(error.cause).toMatchObject({ cause: { code: "ORCH_FATAL" } });
    expect(events.at(-1)).toMatchObject({ type: "run.failed", census: [{ done, failed, open }] });
  });

  it("point 7, further: one that does not concern the others is a result as before", async () => {
    const paid = branchesOf({ dies: (n) => n === 5 });
    const fan = each("verify", paid.branch, { settled: true, concurrency: 4, terminal: () => false });
    const run = alone(fan).start(sixty);
    const results = (await run.result) as { status: string }[];

    expect(results.filter(({ status }) => status === "failed")).toHaveLength(1);
    expect(run.describe().census).toEqual([
      {
        path: "f/verify#1",
        done: 59,
        failed: 1,
        open: 0,
        failedPaths: ["f/verify#1[5]/paid#1"],
        openPaths: [],
      },
    ]);
  });

  it("point 7, further: the definition may name other terminal errors", async () => {
    const busy = runnable("busy", async (n: number) => {
      if (n === 2) throw Object.assign(new Error("no quota"), { status: 402 });
      return n;
    });
    const fan = each("fan", busy, {
      settled: true,
      concurrency: 1,
      terminal: ({ cause }) => (cause as { status?: number }).status === 402,
    });
    expect((await failure(alone(fan).run([1, 2, 3, 4]))).facts).toMatchObject({
      done: 1,
      failed: 1,
      open: 2,
    });
  });

  it("point 7, further: the option that throws halts the fan-out and says so", async () => {
    const broken = runnable("broken", async (_: number): Promise<number> => {
      throw new Error("the first failure");
    });
    const fan = each("fan", broken, {
      settled: true,
      concurrency: 1,
      terminal: () => {
        throw new TypeError("the option is broken");
      },
    });
    const host = memoryHost();
    const { message } = await failure(alone(fan).run([1, 2], { host, runId: "r" }));
    expect(message).toContain("The option terminal of");
    expect(message).toContain("the first failure");
    // The option is not asked again by who reads the run.
    const end = (await host.events(alone(fan), "r")).at(-1);
    expect(end).toMatchObject({ type: "run.failed", error: { code: "ORCH_HALTED" } });
    expect(JSON.stringify(end)).toContain("The option terminal of");
  });

  it("point 7: lets what runs end in a settled all, and keeps a skipped branch out of the census", async () => {
    const paid = branchesOf({ dies: (name) => name === "dead" });
    const named = (id: string) => runnable(id, (_: string, ctx) => paid.branch.invoke(id as never, ctx));
    const fan = all(
      "fan",
      { slow: named("slow"), dead: named("dead"), late: named("late"), never: named("never") },
      { settled: true, concurrency: 2, when: { never: () => false } },
    );
    expect((await failure(alone(fan).run("x"))).facts).toMatchObject({ done: 1, failed: 1, open: 2 });
    expect(paid.started).toEqual(["slow", "dead"]);
  });

  it("point 7, further: a retry asks the condition of a branch that was not started, and keeps what it said", async () => {
    let asked = 0;
    const paid = branchesOf({ dies: (name) => name === "dead" });
    const named = (id: string) => runnable(id, (_: string, ctx) => paid.branch.invoke(id as never, ctx));
    const flow = alone(
      all(
        "fan",
        { slow: named("slow"), dead: named("dead"), never: named("never") },
        { settled: true, concurrency: 2, when: { never: () => ++asked > 1 } },
      ),
    );
    const host = memoryHost();
    await failure(flow.run("x", { host, runId: "r" }));
    expect(asked).toBe(0);
    paid.heal();
    const retried = await host.retry(flow, "r");
    expect(await retried.result).toMatchObject({ dead: { status: "completed" } });
    await host.events(flow, "r");
    expect(asked).toBe(1);
    expect(paid.started).toEqual(["slow", "dead", "dead"]);
  });

  it("point 7, further: a run that is cancelled in the moment in which its fan-out halts ends as cancelled", async () => {
    const paid = branchesOf({ dies: () => true });
    const flow = alone(each("verify", paid.branch, { settled: true, concurrency: 1 }));
    const run = flow.start([1, 2], {
      onEvent: ({ type }) => {
        if (type === "state.failed") void run.cancel("enough");
      },
    });
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(run.status).toBe("cancelled");
  });

  it("point 7: fails a fan-out that is not settled at once, with the census in the end of the run", async () => {
    const paid = branchesOf({ dies: (n) => n === 5 });
    const run = alone(each("verify", paid.branch, { concurrency: 4 })).start(sixty);
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    expect(paid.after()).toBe(0);
    const [census] = run.describe().census!;
    expect(census).toMatchObject({ failed: 1, failedPaths: ["f/verify#1[5]/paid#1"] });
    expect(census!.done + census!.open).toBe(59);
  });

  it("point 7: starts no other branch of a race, which those that run may still win", async () => {
    const paid = branchesOf({ dies: (name) => name === "dead" });
    const named = (id: string) => runnable(id, (_: string, ctx) => paid.branch.invoke(id as never, ctx));
    const won = race(
      "won",
      { slow: named("slow"), dead: named("dead"), late: named("late") },
      { concurrency: 2 },
    );
    expect(await alone(won).run("x")).toBe("slow");
    expect(paid.started).toEqual(["slow", "dead"]);

    const lost = race("lost", { dead: named("dead"), late: named("late") }, { concurrency: 1 });
    expect((await failure(alone(lost).run("x"))).facts).toMatchObject({ done: 0, failed: 1, open: 1 });
    const next = race(
      "next",
      { dead: named("dead"), late: named("late") },
      { concurrency: 1, terminal: () => false },
    );
    expect(await alone(next).run("x")).toBe("late");
  });

  it("point 7: halts the fan-outs around the one that it halted, and starts no state of a branch on its way", async () => {
    const paid = branchesOf({ dies: (n) => n === 11 });
    const after = runnable("after", (n: number) => n);
    const branch = orchestration<number, number>("branch", (o) =>
      o
        .start(paid.branch as Runnable<number, number>)
        .advance(paid.branch as Runnable<number, number>, after)
        .finish(after),
    );
    const inner = each("inner", branch, { settled: true, concurrency: 2 });
    const outer = each("outer", inner, { settled: true, concurrency: 1 });
    const started: string[] = [];
    const flow = alone(outer);
    const error = await failure(
      flow.run([[1, 2], [10, 11, 12], [20]], {
        onEvent: ({ type, path }) =>
          void (type === "state.started" && path.endsWith("after#1") && started.push(path)),
      }),
    );
    expect(error.facts).toMatchObject({ path: "f/outer#1", done: 1, failed: 1, open: 1 });
    expect(error.cause).toMatchObject({
      facts: { path: "f/outer#1[1]/inner#1", done: 0, failed: 1, open: 2 },
    });
    expect(paid.started).toEqual([1, 2, 10, 11]);
    expect(paid.after()).toBe(0);
  });

  it("point 7, further: a .catch takes the halted fan-out, and the end of the run still tells of it", async () => {
    const paid = branchesOf({ dies: (n) => n === 1 });
    const fan = each("fan", paid.branch as Runnable<number, unknown>, { settled: true, concurrency: 1 });
    const rescue = runnable("rescue", (error: OrchError) => error.code);
    const flow = orchestration("f", (o) => o.start(fan).catch(fan, rescue).finish(fan, rescue));
    const events: OrchestrationEvent[] = [];
    expect(await flow.run([0, 1, 2], { onEvent: (event) => void events.push(event) })).toBe("ORCH_HALTED");
    expect(events.at(-1)).toMatchObject({ type: "run.completed", census: [{ done: 1, failed: 1, open: 1 }] });
  });

  it("point 7, further: the end of a run without a dead branch has no census", async () => {
    const paid = branchesOf({ dies: () => false });
    const run = alone(each("fan", paid.branch)).start([1, 2]);
    const events: OrchestrationEvent[] = [];
    for await (const event of run.events()) events.push(event);
    expect(Object.keys(events.at(-1)!)).not.toContain("census");
    expect(Object.keys(run.describe())).not.toContain("census");
  });

  it("point 7, further: an error that concerns its branch alone halts nothing", async () => {
    const spends = runnable("spends", (n: number, ctx): number => {
      ctx.spend({ inputTokens: n });
      return n;
    });
    const made = orchestration("own", (o) => o.start(spends).finish(spends), { budget: { maxTokens: 5 } });
    const results = (await alone(each("fan", made, { settled: true, concurrency: 1 })).run([1, 9, 2])) as {
      status: string;
    }[];
    expect(results.map(({ status }) => status)).toEqual(["completed", "failed", "completed"]);

    const picky = runnable("picky", async (n: number): Promise<number> => {
      if (n === 9) throw new FatalError("this page has no text", { terminal: false });
      return n;
    });
    for (const host of [undefined, memoryHost()]) {
      const flow = alone(each("fan", picky, { settled: true, concurrency: 1 }));
      expect(await flow.run([1, 9, 2], host === undefined ? {} : { host })).toHaveLength(3);
    }
  });
});

describe("a retry of a run that one branch failed", () => {
  it("P1: point 7: does not run again what completed beside it between the failure and the end", async () => {
    const [fails, late, other] = [1, 2, 3].map(() => Promise.withResolvers<void>());
    let healed = false;
    const started: string[] = [];
    const a = runnable("a", async (n: number) => {
      started.push(`a${n}`);
      if (healed) return n;
      // The second one ignores its signal, so that the fan-out around it waits for it.
      await (n === 0 ? fails : late)!.promise;
      if (n === 0) throw new TypeError("no");
      return n;
    });
    const b = runnable("b", async (n: number, ctx) => {
      started.push(`b${n}`);
      if (healed || n === 0) return other!.promise.then(() => n);
      return new Promise<number>((_, reject) =>
        ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)),
      );
    });
    const flow = alone(all("both", { as: each("as", a), bs: each("bs", b) }));
    const host = memoryHost();
    const run = flow.start([0, 1], { host, runId: "r", grace: 60_000 });
    const seen = run.events();
    const until = async (path: string, type: string): Promise<void> => {
      for (let next = await seen.next(); next.done !== true; next = await seen.next())
        if (next.value.type === type && next.value.path.endsWith(path)) return;
    };
    await until("bs#1[1]/b#1", "state.started");
    fails!.resolve();
    await until("as#1[0]/a#1", "state.failed");
    other!.resolve();
    await until("bs#1[0]/b#1", "state.completed");
    late!.resolve();
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });

    healed = true;
    const retried = await host.retry(flow, "r");
    expect(await retried.result).toEqual({ as: [0, 1], bs: [0, 1] });
    expect(started.toSorted()).toEqual(["a0", "a0", "a1", "a1", "b0", "b1", "b1"]);
    const numbers = (await host.events(flow, "r")).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describe("a halted fan-out inside of another", () => {
  it("point 7, further: ends first, in memory and on a host that keeps runs, also when the run is cancelled", async () => {
    for (const host of [undefined, memoryHost()]) {
      const dies = runnable("dies", async (turns: number): Promise<number> => {
        for (let left = turns; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
        throw new FatalError("no quota");
      });
      const early = orchestration("early", (o) => o.start(dies).finish(dies));
      const late = each("late", dies, { settled: true });
      const list = runnable("list", (n: number) => [n + 3]);
      const lateList = orchestration("lateList", (o) => o.start(list).advance(list, late).finish(late));
      const flow = alone(all("outer", { early, lateList }, { settled: true }));
      const options = host === undefined ? {} : { host };
      const error = await failure(flow.run(1, { ...options, grace: 600_000 }));
      expect(error.facts).toMatchObject({ path: "f/outer#1", done: 0, failed: 2, open: 0 });
      const run = flow.start(1, { ...options, grace: 600_000 });
      await new Promise((resolve) => setImmediate(resolve));
      await run.cancel("enough");
      expect(["cancelled", "failed"]).toContain(run.status);
    }
  });
});

describe("a retry of a halted run", () => {
  it("point 7: runs exactly what failed or is open", async () => {
    const host = memoryHost();
    const paid = branchesOf({ dies: (n) => n === 20, fails: (n) => n === 3 || n === 7 });
    const flow = alone(each("verify", paid.branch, { settled: true, concurrency: 4 }));
    const error = await failure(flow.run(sixty, { host, runId: "r" }));
    const done = 60 - error.facts.failed - error.facts.open;
    expect(error.facts.failed).toBe(3);

    paid.heal();
    const before = paid.started.length;
    const run = await host.retry(flow, "r");
    const results = (await run.result) as { status: string; value: number }[];
    expect(results.map(({ value }) => value)).toEqual(sixty);
    expect(paid.started.length - before).toBe(60 - done);
    expect(paid.most()).toBeLessThanOrEqual(4);
    expect(new Set(paid.started.slice(before)).size).toBe(60 - done);
    expect(await host.describe(flow, "r")).not.toHaveProperty("census");
  });

  it("point 7, further: a retry of a retry, at every branch that dies", async () => {
    for (let dead = 0; dead < 8; dead++) {
      const host = memoryHost();
      const paid = branchesOf({ dies: (n) => n === dead || n === 7 - dead });
      const flow = alone(each("verify", paid.branch, { settled: true, concurrency: 3 }));
      const results = await retryUntilDone(host, flow, [0, 1, 2, 3, 4, 5, 6, 7], (n) =>
        paid.heal(n === 0 ? dead : undefined),
      );
      expect(results).toMatchObject(
        [0, 1, 2, 3, 4, 5, 6, 7].map((value) => ({ status: "completed", value })),
      );
      expect(paid.repeated()).toEqual([]);
    }
  });

  it("point 7, further: goes on inside of nested fan-outs and of branches on their way", async () => {
    const host = memoryHost();
    const paid = branchesOf({ dies: (n) => n === 11 });
    const leaf = paid.branch as Runnable<number, number>;
    const after = runnable("after", (n: number, ctx) => paid.note(`after ${n}`, ctx, n));
    const branch = orchestration<number, number>("branch", (o) =>
      o.start(leaf).advance(leaf, after).finish(after),
    );
    const inner = each("inner", branch, { settled: true, concurrency: 2 });
    const outer = each("outer", inner, { settled: true, concurrency: 2 });
    const flow = alone(outer);
    await failure(flow.run([[1, 2], [10, 11, 12], [20]], { host, runId: "r" }));
    paid.heal();
    const results = await (await host.retry(flow, "r")).result;
    const completed = (value: unknown) => ({ status: "completed", value });
    expect(results).toEqual([[1, 2], [10, 11, 12], [20]].map((list) => completed(list.map(completed))));
    expect(paid.repeated()).toEqual([]);
  });

  it("point 7, further: goes on in a settled fan-out around one that is not, and with conditions of branches that were not started", async () => {
    const host = memoryHost();
    const paid = branchesOf({ dies: (n) => n === 2 });
    let asked = 0;
    const leaf = paid.branch as Runnable<number, number>;
    const plain = each("plain", leaf, { concurrency: 2 });
    const list = runnable("list", (n: number) => [n, n + 1, n + 2, n + 3]);
    const branch = orchestration<number, readonly number[]>("branch", (o) =>
      o.start(list).advance(list, plain).finish(plain),
    );
    const outer = all(
      "outer",
      { a: branch, b: branch, c: branch },
      {
        settled: true,
        concurrency: 1,
        when: { b: () => ++asked > 0, c: () => ++asked < 0 },
      },
    );
    const flow = alone(outer);
    await failure(flow.run(1, { host, runId: "r" }));
    expect(asked).toBe(0);
    paid.heal();
    const run = await host.retry(flow, "r");
    const value = [1, 2, 3, 4];
    expect(await run.result).toEqual({
      a: { status: "completed", value },
      b: { status: "completed", value },
    });
    expect(asked).toBe(2);
    await host.events(flow, "r");
    expect(asked).toBe(2);
  });

  it("point 7, further: a value of ctx.once made before the failure stays", async () => {
    const host = memoryHost();
    let paidFor = 0;
    let broken = true;
    const pay = runnable("pay", async (n: number, ctx) => {
      await ctx.once("pay", () => ++paidFor);
      if (broken && n === 1) throw new FatalError("the account is closed");
      return n;
    });
    const flow = alone(each("fan", pay, { settled: true, concurrency: 1 }));
    await failure(flow.run([0, 1, 2], { host, runId: "r" }));
    broken = false;
    expect(await (await host.retry(flow, "r")).result).toHaveLength(3);
    expect(paidFor).toBe(3);
  });

  it("point 7, further: is forked before and after its branches, like any other", async () => {
    const host = memoryHost();
    const paid = branchesOf({ dies: (n) => n === 1 });
    const fan = each("fan", paid.branch as Runnable<number, unknown>, { settled: true, concurrency: 1 });
    const flow = alone(fan);
    await failure(flow.run([0, 1, 2], { host, runId: "r" }));
    paid.heal();
    const whole = await (await host.retry(flow, "r")).result;
    for (const { type, path } of await host.events(flow, "r")) {
      if (type !== "state.completed" && type !== "state.failed") continue;
      for (const place of [{ before: path }, { after: path }])
        expect(await (await host.fork(flow, "r", place)).result, path).toEqual(whole);
    }
  });
});
