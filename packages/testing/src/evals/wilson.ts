import type { EvalRate } from "./eval-result.ts";

/** The quantile of the normal distribution for 95 %. */
const Z = 1.959_963_984_540_054;

/**
 * The share of `passed` in `trials`, with the range in which the true share lies with a confidence of 95 %.
 *
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 */
export function wilson(passed: number, trials: number): EvalRate {
  if (trials === 0) return { rate: 0, low: 0, high: 1 };
  const rate = passed / trials;
  const denominator = 1 + Z ** 2 / trials;
  const centre = (rate + Z ** 2 / (2 * trials)) / denominator;
  const half = (Z / denominator) * Math.sqrt((rate * (1 - rate)) / trials + Z ** 2 / (4 * trials ** 2));
  // At the ends the formula gives 0 and 1 but for rounding.
  const low = passed === 0 ? 0 : Math.max(0, centre - half);
  const high = passed === trials ? 1 : Math.min(1, centre + half);
  return { rate, low, high };
}
