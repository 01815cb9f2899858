/** What measurements side by side mean. */
import type { Case } from "../cases.ts";
import { numberOf } from "../judgement.ts";
import { median } from "../statistics.ts";

/** How much slower than the commit before a commit may be before its gate breaks. */
export const MOST_SLOWER = 1.2;
/** A ratio up to which nobody measures more. */
const CLEAR = 1.08;
/** How much slower a commit may be in the paired benchmark. */
const EQUAL = 1.03;
/** Growth compares two short stretches of one run, and shakes more than the least of many. */
const GROWTH_NOISE = 1.5;

/** What a ratio means: it holds, more measuring may tell, or it is a breach. */
export type Verdict = "holds" | "unclear" | "broken";

/** A line for the reader. */
export interface Line {
  readonly text: string;
  readonly verdict: Verdict;
}

/** Milliseconds of processor time of a run, where they were measured. */
export interface Measured {
  readonly mine: number | undefined;
  readonly before: number | undefined;
  readonly floor: number | undefined;
  /** How many times the floor we take, where that was measured in pairs. Default: of the least of both. */
  readonly ratio?: number | undefined;
}

/** How many times as much as `to` a side `of` takes: the middle of what its generations say. */
export function pairRatio(generations: readonly (readonly number[])[], of: number, to: number): number {
  return median(generations.map((least) => least[of]! / least[to]!));
}

/** Whether we are much slower than the commit before. A figure that is no number is a breach. */
export function besideBefore(mine: number, before: number): Verdict {
  const ratio = mine / before;
  if (!(ratio <= MOST_SLOWER)) return "broken";
  return ratio <= CLEAR ? "holds" : "unclear";
}

/** The lines of a case: beside the commit before, and beside its floor. */
export function linesOf(
  one: Case,
  { mine = Number.NaN, before, floor, ratio: paired }: Measured,
  names: { readonly before: string | undefined },
): readonly Line[] {
  const told = (ms: number): string => `${numberOf(one.perRun(ms, one.size))} ${one.unit}`;
  const lines: Line[] = [];
  if (before !== undefined) {
    const ratio = (mine / before).toFixed(2);
    lines.push({
      text: `${one.id}: ${ratio} <= ${MOST_SLOWER} (${told(mine)}, ${told(before)} in ${names.before})`,
      verdict: besideBefore(mine, before),
    });
  }
  const { gate } = one;
  if (gate?.ceiling !== undefined) {
    const ratio = paired ?? mine / (floor ?? Number.NaN);
    lines.push({
      text: `${one.id}: ${ratio.toFixed(2)} <= ${gate.ceiling} times ${gate.against} (${told(mine)}; the bar is ${gate.bar})`,
      verdict: ratio <= gate.ceiling ? "holds" : "broken",
    });
  }
  return lines;
}

/** The line on how a case grows from the beginning of a run to its end. */
export function growthVerdict(one: Case, growth: number): Line {
  const limit = Number(((one.growthLimit ?? 1) * GROWTH_NOISE).toFixed(2));
  return {
    text: `${one.id}, last against first: ${growth.toFixed(2)} <= ${limit}`,
    verdict: growth <= limit ? "holds" : "broken",
  };
}

/** Whether a commit is not slower by more than 3 %, or than the old one differs from itself. */
export function isNoSlower(ms: {
  readonly old: number;
  readonly again: number;
  readonly next: number;
}): boolean {
  const own = Math.max(ms.old, ms.again) / Math.min(ms.old, ms.again);
  return ms.next / Math.min(ms.old, ms.again) <= Math.max(EQUAL, own);
}
