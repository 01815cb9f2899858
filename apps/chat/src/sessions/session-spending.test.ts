import { expect, test } from "vitest";
import { addSpending, addTurns, NOTHING_SPENT } from "./session-spending.ts";

test("T22: a call whose cost is unknown marks the sum, and does not delete it", () => {
  const first = addSpending(NOTHING_SPENT, { inputTokens: 10, outputTokens: 5, cost: 0.01 });
  const second = addSpending(first, { inputTokens: 20, outputTokens: 5 });
  expect(first).toEqual({ tokens: 15, cost: 0.01, isPartial: false, context: 15 });
  expect(second).toEqual({ tokens: 40, cost: 0.01, isPartial: true, context: 25 });
  expect(addSpending(second, { inputTokens: 1, cost: 0.02 })).toMatchObject({ cost: 0.03, isPartial: true });
});

test("T22: calls after turns that were kept leave the marks of those", () => {
  const kept = { input: 10, output: 5, cost: 0.01, unpriced: 1, estimated: 1 };
  const before = addTurns(NOTHING_SPENT, kept);
  expect(before).toEqual({ tokens: 15, cost: 0.01, isPartial: true, isEstimated: true });
  const after = addSpending(before, { inputTokens: 1, cost: 0.01 });
  expect(after).toEqual({ tokens: 16, cost: 0.02, isPartial: true, isEstimated: true, context: 1 });
});
