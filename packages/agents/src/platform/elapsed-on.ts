import type { Clock } from "@orch/core";

/** Whole milliseconds for measuring how long something takes: they count on when the clock is set. */
export function elapsedOn(clock: Clock): number {
  return Math.round(clock.elapsed?.() ?? clock.now());
}
