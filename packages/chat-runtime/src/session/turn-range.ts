import type { TurnRange } from "./session-store.ts";

/** The turns of a range as indexes: from `start` on, and not `end`. */
export function rangeOf(
  count: number,
  { last = count, before = count }: TurnRange = {},
): { readonly start: number; readonly end: number } {
  const end = Math.max(0, Math.min(count, before));
  return { start: Math.max(0, end - Math.max(0, last)), end };
}
