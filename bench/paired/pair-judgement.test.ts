import { expect, it } from "vitest";
import { type Case, cases } from "../cases.ts";
import { besideBefore, growthVerdict, isNoSlower, linesOf, pairRatio } from "./pair-judgement.ts";

const linear = cases.find(({ id }) => id === "linear") as Case;
const growing = cases.find(({ id }) => id === "growth-memory") as Case;
const names = { before: "4e7e322" };

it("a fifth slower than the commit before still holds, and more is a breach", () => {
  expect(besideBefore(1, 1)).toBe("holds");
  expect(besideBefore(0.5, 1)).toBe("holds");
  expect(besideBefore(1.15, 1)).toBe("unclear");
  expect(besideBefore(1.2, 1)).toBe("unclear");
  expect(besideBefore(1.21, 1)).toBe("broken");
  expect(besideBefore(1.3, 1)).toBe("broken");
});

it("a figure that is missing is a breach", () => {
  expect(besideBefore(Number.NaN, 1)).toBe("broken");
  expect(linesOf(linear, { mine: 1, before: 1, floor: undefined }, names)[1]?.verdict).toBe("broken");
});

it("a case is held against the commit before and against its ceiling", () => {
  const { ceiling } = linear.gate!;
  const verdicts = (mine: number, floor: number): readonly string[] =>
    linesOf(linear, { mine, before: 1, floor }, names).map(({ verdict }) => verdict);

  expect(verdicts(1, 1)).toEqual(["holds", "holds"]);
  expect(verdicts(1.3, 1)).toEqual(["broken", "holds"]);
  expect(verdicts(1, 1 / (ceiling! + 0.1))).toEqual(["holds", "broken"]);
});

it("what was measured in pairs counts in pairs: the middle one, and not the least of each side", () => {
  const generations = [
    [6, 3, 1],
    [5, 3, 1],
    [9, 3, 3],
  ];
  expect(pairRatio(generations, 0, 2)).toBe(5);
  const { ceiling } = linear.gate!;
  const verdict = (ratio: number): string | undefined =>
    linesOf(linear, { mine: 1, before: undefined, floor: 1, ratio }, names)[0]?.verdict;

  expect(verdict(ceiling!)).toBe("holds");
  expect(verdict(ceiling! + 0.1)).toBe("broken");
  expect(verdict(Number.NaN)).toBe("broken");
});

it("without a commit before, the ceiling alone counts", () => {
  const lines = linesOf(linear, { mine: 1, before: undefined, floor: 1 }, { before: undefined });

  expect(lines.map(({ verdict }) => verdict)).toEqual(["holds"]);
});

it("a line says what was measured", () => {
  expect(
    linesOf(linear, { mine: 0.001, before: 0.0008, floor: 0.0005 }, names).map(({ text }) => text),
  ).toEqual([
    "linear: 1.25 <= 1.2 (0.100 µs/state, 0.0800 µs/state in 4e7e322)",
    `linear: 2.00 <= ${linear.gate!.ceiling} times bare (0.100 µs/state; the bar is 2.5)`,
  ]);
});

it("a run that gets slower as it goes on is a breach", () => {
  expect(growthVerdict(growing, 1).verdict).toBe("holds");
  expect(growthVerdict(growing, 2).verdict).toBe("broken");
  expect(growthVerdict(growing, Number.NaN).verdict).toBe("broken");
});

it("the paired benchmark allows 3 %, or as much as the old commit differs from itself", () => {
  expect(isNoSlower({ old: 1, again: 1, next: 1.03 })).toBe(true);
  expect(isNoSlower({ old: 1, again: 1, next: 1.04 })).toBe(false);
  expect(isNoSlower({ old: 1, again: 1.05, next: 1.04 })).toBe(true);
  expect(isNoSlower({ old: 1.05, again: 1, next: 1.06 })).toBe(false);
});
