/** The middle of some figures; of an even number of them, the mean of the middle two. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest of some figures: what the machine can do when nobody else uses it. */
export function best(figures: readonly number[]): number {
  return figures.length === 0 ? Number.NaN : Math.min(...figures);
}
