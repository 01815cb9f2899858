import { expect, test } from "vitest";
import { spentTogether } from "./spent-before.ts";

const REFUSED = { input: 0, output: 0, cost: 0 };
const BROKEN = { input: 0, output: 0, estimated: true } as const;
const PAID = { input: 10, output: 5, cost: 0.25 };

test("an attempt that was turned down adds nothing", () => {
  expect(spentTogether(undefined, REFUSED)).toEqual(REFUSED);
  expect(spentTogether(REFUSED, REFUSED)).toEqual(REFUSED);
  expect(spentTogether(REFUSED, PAID)).toEqual(PAID);
  expect(spentTogether(PAID, REFUSED)).toEqual(PAID);
});

test("the cost of an attempt that broke stays unknown when a later one is turned down", () => {
  expect(spentTogether(BROKEN, REFUSED)).toEqual(BROKEN);
  const unpriced = { input: 10, output: 5 };
  expect(spentTogether(unpriced, REFUSED)).toEqual(unpriced);
});

test("what two attempts told is added up", () => {
  expect(spentTogether(PAID, PAID)).toEqual({ input: 20, output: 10, cost: 0.5 });
  expect(spentTogether(PAID, { input: 1, output: 1 })).toEqual({ input: 11, output: 6 });
});
