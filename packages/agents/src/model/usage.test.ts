import { expect, it } from "vitest";
import { addCost, addUsage, costOf, NO_USAGE } from "./usage.ts";

it("adds totals, keeps the parts that are known, and marks estimates", () => {
  const sum = addUsage(
    { input: 1, output: 2, cacheRead: 1 },
    { input: 3, output: 4, estimated: true, raw: {} },
  );
  expect(sum).toEqual({ input: 4, output: 6, cacheRead: 1, estimated: true });
  expect(addUsage(NO_USAGE, { input: 1, output: 1 })).toEqual({ input: 1, output: 1 });
});

it("does not know a cost without a price, and an unknown cost makes the sum unknown", () => {
  expect(costOf({ input: 5, output: 5 }, undefined)).toBeUndefined();
  expect(addCost(1, undefined)).toBeUndefined();
  expect(addCost(1, 2)).toBe(3);
});

it("prices cached tokens once", () => {
  const price = { input: 10, output: 0, cacheRead: 1, cacheWrite: 20 };
  const usage = { input: 1_000_000, output: 0, cacheRead: 500_000, cacheWrite: 100_000 };
  expect(costOf(usage, price)).toBeCloseTo(4 + 0.5 + 2);
});

it("prices input that is cached for long by its own price, and by that of short caching without one", () => {
  const usage = { input: 1_000_000, output: 0, cacheWrite: 1_000_000, cacheWriteLong: 400_000 };
  expect(costOf(usage, { input: 4, output: 0, cacheWrite: 5, cacheWriteLong: 8 })).toBeCloseTo(3 + 3.2);
  expect(costOf(usage, { input: 4, output: 0, cacheWrite: 5 })).toBeCloseTo(5);
  expect(addUsage(usage, usage).cacheWriteLong).toBe(800_000);
});

it("believes what the answer says it cost, also nothing, before any price", () => {
  const price = { input: 10, output: 10 };
  expect(costOf({ input: 5, output: 5, cost: 0 }, price)).toBe(0);
  expect(costOf({ input: 5, output: 5, cost: 0.25 }, undefined)).toBe(0.25);
  expect(addUsage({ input: 1, output: 1, cost: 1 }, NO_USAGE)).toEqual({ input: 1, output: 1 });
});

it("does not know what a call cost that has no figures", () => {
  const price = { input: 10, output: 10 };
  expect(costOf({ input: 0, output: 0, estimated: true }, price)).toBeUndefined();
  expect(costOf({ input: 0, output: 0 }, price)).toBe(0);
  expect(costOf({ input: 1_000_000, output: 0, estimated: true }, price)).toBe(10);
});
