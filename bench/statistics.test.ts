import { expect, it } from "vitest";
import { best, median } from "./statistics.ts";

it("the median is the middle figure, whatever their order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it("the best is the smallest", () => {
  expect(best([3, 1, 2])).toBe(1);
});

it("of no figures there is neither", () => {
  expect([median([]), best([])]).toEqual([Number.NaN, Number.NaN]);
});
