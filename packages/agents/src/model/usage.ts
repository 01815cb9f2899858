/** What a run used: tokens as inclusive totals, and money where every price is known. */
import type { Price, Usage } from "../words/model.ts";

/** No tokens yet. */
export const NO_USAGE: Usage = { input: 0, output: 0 };

/** The parts of a usage that are figures. */
export const FIGURES: readonly (keyof Usage)[] = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite",
  "cacheWriteLong",
  "reasoning",
  "webSearches",
  "cost",
];

/** A usage whose figures can be counted. A figure that is no number of 0 or more counts as unknown, which makes it an estimate. */
export function soundUsage(usage: Usage): Usage {
  if (isSound(usage)) return usage;
  const odd = FIGURES.filter((key) => !isFigure(usage[key]));
  const known = Object.entries(usage).filter(([key]) => !odd.includes(key as keyof Usage));
  return { ...NO_USAGE, ...Object.fromEntries(known), estimated: true };
}

/** Written out: it is asked for every model call. */
function isSound({
  input,
  output,
  cacheRead,
  cacheWrite,
  cacheWriteLong,
  reasoning,
  webSearches,
  cost,
}: Usage): boolean {
  return (
    isFigure(input) &&
    isFigure(output) &&
    isFigure(cacheRead) &&
    isFigure(cacheWrite) &&
    isFigure(cacheWriteLong) &&
    isFigure(reasoning) &&
    isFigure(webSearches) &&
    isFigure(cost)
  );
}

function isFigure(value: unknown): boolean {
  return value === undefined || (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY);
}

/**
 * Adds two usages. A part that only one of them knows counts as it is; one estimate makes the sum an estimate.
 * Money is not part of the sum: add costs with {@link addCost}.
 */
export function addUsage(a: Usage, b: Usage): Usage {
  const sum: { -readonly [key in keyof Usage]: Usage[key] } = {
    input: a.input + b.input,
    output: a.output + b.output,
  };
  if (hasParts(a) || hasParts(b))
    for (const key of PARTS)
      if (a[key] !== undefined || b[key] !== undefined) sum[key] = (a[key] ?? 0) + (b[key] ?? 0);
  if (a.estimated || b.estimated) sum.estimated = true;
  return sum;
}

/** Written out, as {@link isSound} is. */
function hasParts({ cacheRead, cacheWrite, cacheWriteLong, reasoning, webSearches }: Usage): boolean {
  return (
    cacheRead !== undefined ||
    cacheWrite !== undefined ||
    cacheWriteLong !== undefined ||
    reasoning !== undefined ||
    webSearches !== undefined
  );
}

const PARTS = ["cacheRead", "cacheWrite", "cacheWriteLong", "reasoning", "webSearches"] as const;

/** In US dollars, as OpenAI and Anthropic document it: 10 for a thousand. */
const WEB_SEARCH = 0.01;
const MILLION = 1_000_000;

/**
 * What a call cost in US dollars, or `undefined` without a price or without figures; never 0 for "unknown".
 *
 * What the answer itself says it cost comes first. Cached tokens are part of `input` and are taken
 * out of it before they are priced; without a price of their own they cost what input costs.
 */
export function costOf(usage: Usage, price: Price | undefined): number | undefined {
  if (usage.cost !== undefined) return usage.cost;
  const { input, output, cacheRead = 0, cacheWrite = 0, cacheWriteLong = 0 } = usage;
  // A provider that tells no figures, or a call that was cut off before them, is not free of charge.
  const untold = usage.estimated && input === 0 && output === 0;
  if (price === undefined || untold) return undefined;
  const { cacheWrite: write = price.input } = price;
  const fresh = Math.max(0, input - cacheRead - cacheWrite);
  const dollars =
    fresh * price.input +
    cacheRead * (price.cacheRead ?? price.input) +
    Math.max(0, cacheWrite - cacheWriteLong) * write +
    cacheWriteLong * (price.cacheWriteLong ?? write) +
    output * price.output;
  return dollars / MILLION + (usage.webSearches ?? 0) * (price.webSearch ?? WEB_SEARCH);
}

/** Adds costs; one unknown makes the sum unknown. */
export function addCost(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
