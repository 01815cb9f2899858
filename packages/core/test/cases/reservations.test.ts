/** A budget reserves before it spends: states side by side never spend more than it together. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import {
  each,
  isOrchError,
  orchestration,
  type RunContext,
  type Runnable,
  runnable,
} from "../../src/index.ts";

const hosts = [
  ["in memory", () => ({})],
  ["on a host that keeps runs", () => ({ host: memoryHost() })],
] as const;

/** A paid call: reserves the most, spends less, and remembers what was spent in all. */
function caller(most: number, used: number) {
  const made: number[] = [];
  const call = runnable("call", async (item: number, ctx) => {
    const reserved = await ctx.reserve({ inputTokens: most });
    made.push(item);
    await new Promise((resolve) => setImmediate(resolve));
    reserved.settle({ inputTokens: used });
    return item;
  });
  return { call, made };
}

const items = Array.from({ length: 20 }, (_, index) => index);
const flowOf = (branch: Runnable<number, number>, settled: boolean, maxTokens = 20_000) => {
  const fan = (
    settled ? each("fan", branch, { settled, concurrency: 20 }) : each("fan", branch, { concurrency: 20 })
  ) as Runnable<readonly number[], unknown>;
  return orchestration("f", (o) => o.start(fan).finish(fan), { budget: { maxTokens } });
};

describe.each(hosts)("P20: a reservation %s", (_name, options) => {
  it("point 7: 20 states side by side never spend more than the budget, and the last is refused", async () => {
    for (const settled of [true, false]) {
      const { call, made } = caller(1_210, 1_210);
      const run = flowOf(call, settled).start(items, options());
      const error: unknown = await run.result.catch((thrown: unknown) => thrown);
      expect(made).toHaveLength(16);
      expect(run.describe().spent.tokens).toBeLessThanOrEqual(20_000);
      expect(run.describe().spent.tokens).toBe(16 * 1_210);
      const census = run.describe().census![0]!;
      expect(census.done).toBe(16);
      let refused = error;
      while (!isOrchError(refused, "ORCH_BUDGET")) refused = (refused as Error).cause;
      expect(refused.facts).toMatchObject({
        tokens: 16 * 1_210,
        maxTokens: 20_000,
        asked: { tokens: 1_210 },
      });
      expect(refused.message).toContain("640 of 20000 tokens are left, and it may take 1210");
    }
  });

  it("point 7, further: waits while only reservations of others stand in the way", async () => {
    const { call, made } = caller(8_000, 500);
    expect(await flowOf(call, false).run(items, options())).toEqual(items);
    expect(made).toHaveLength(20);
  });

  it("point 7, further: counts for every budget around, and is given back when its state ends", async () => {
    const leaks = runnable("leaks", async (item: number, ctx) => {
      await ctx.reserve({ outputTokens: 600 });
      return item;
    });
    const inner = orchestration("inner", (o) => o.start(leaks).finish(leaks), { budget: { maxTokens: 600 } });
    expect(await flowOf(inner, false, 600).run([1, 2, 3], options())).toEqual([1, 2, 3]);
    await expect(flowOf(inner, false, 599).run([1], options())).rejects.toMatchObject({
      cause: { facts: { orchestration: "f", asked: { tokens: 600 } } },
    });
  });

  it("point 7, further: reserves money, and tells what is left", async () => {
    const lefts: unknown[] = [];
    const pay = runnable("pay", async (cost: number, ctx) => {
      lefts.push(ctx.left());
      const reserved = await ctx.reserve({ cost });
      reserved.settle({ cost });
      return cost;
    });
    const flow = orchestration(
      "f",
      (o) =>
        o
          .start(pay)
          .advance(pay, pay, { when: (cost) => cost < 0.5, convert: (cost) => cost * 2 })
          .finish(pay),
      {
        budget: { maxCost: 0.7 },
      },
    );
    expect(
      await flow.run(0.4, options()).catch((error: { cause: { code: string } }) => error.cause.code),
    ).toBe("ORCH_BUDGET");
    expect(lefts).toEqual([
      { tokens: Number.POSITIVE_INFINITY, cost: 0.7 },
      { tokens: Number.POSITIVE_INFINITY, cost: 0.7 - 0.4 },
    ]);
  });

  it("point 7, further: goes through a composite that is called by hand, and refuses what is no number", async () => {
    const seen: unknown[] = [];
    const inside = runnable("inside", async (n: number, ctx) => {
      seen.push(ctx.left().tokens);
      await ctx.reserve({ inputTokens: n });
      return n;
    });
    const fan = each("byHand", inside);
    const by = runnable("by", async (n: number, ctx: RunContext) => (await fan.invoke([n], ctx)).length);
    const flow = orchestration("f", (o) => o.start(by).finish(by), { budget: { maxTokens: 100 } });
    expect(await flow.run(100, options())).toBe(1);
    await expect(flow.run(101, options())).rejects.toThrow("would go over the budget");
    await expect(flow.run(-1, options())).rejects.toThrow("inputTokens");
    expect(seen).toEqual([100, 100, 100]);
  });

  it("point 7, further: one that holds a reservation does not wait for others, which may wait for it", async () => {
    const greedy = runnable("greedy", async (n: number, ctx) => {
      await ctx.reserve({ inputTokens: 40 });
      await new Promise((resolve) => setImmediate(resolve));
      await ctx.reserve({ inputTokens: 40 });
      return n;
    });
    await expect(flowOf(greedy, false, 100).run([1, 2], options())).rejects.toThrow(
      "would go over the budget",
    );
  });

  it("point 7, further: a state that waits for a place under a budget ends with its run", async () => {
    const holds = runnable("holds", async (n: number, ctx) => {
      await ctx.reserve({ inputTokens: 80 });
      await new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));
      return n;
    });
    const run = flowOf(holds, false, 100).start([1, 2], options());
    await new Promise((resolve) => setImmediate(resolve));
    await run.cancel("enough");
    expect(run.status).toBe("cancelled");
  });
});
