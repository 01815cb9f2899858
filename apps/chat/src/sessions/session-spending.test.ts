import { expect, test } from "vitest";
import { addSpending, addTurn, NOTHING_SPENT } from "./session-spending.ts";

test("T22: a call whose cost is unknown marks the sum, and does not delete it", () => {
  const first = addSpending(NOTHING_SPENT, { inputTokens: 10, outputTokens: 5, cost: 0.01 });
  const second = addSpending(first, { inputTokens: 20, outputTokens: 5 });
  expect(first).toEqual({ tokens: 15, cost: 0.01, isPartial: false, context: 15 });
  expect(second).toEqual({ tokens: 40, cost: 0.01, isPartial: true, context: 25 });
  expect(addSpending(second, { inputTokens: 1, cost: 0.02 })).toMatchObject({ cost: 0.03, isPartial: true });
});

test("T22: a kept turn that was stopped marks the sum of its session", () => {
  const kept = addTurn(NOTHING_SPENT, { input: 10, output: 5 }, 0.01);
  expect(kept).toEqual({ tokens: 15, cost: 0.01, isPartial: false });
  expect(addTurn(kept, undefined, undefined)).toEqual({ tokens: 15, cost: 0.01, isPartial: true });
});

test("T22: a kept turn whose tokens were estimated marks the sum of its session for good", () => {
  const kept = addTurn(NOTHING_SPENT, { input: 10, output: 5, estimated: true }, 0.01);
  expect(kept).toMatchObject({ tokens: 15, isEstimated: true });
  const more = addSpending(addTurn(kept, { input: 1, output: 1 }, 0.01), { inputTokens: 1, cost: 0.01 });
  expect(more).toMatchObject({ tokens: 18, isEstimated: true });
});
