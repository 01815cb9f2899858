import type { Clock } from "@orch/core";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`, firing the timers that come due in their order, and lets everything they
   * set in motion settle before the next one.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** How many timers wait. */
  readonly pending: () => number;
}

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/** Makes a clock that starts at `start`, in milliseconds since the epoch. Default: 2026-01-01 UTC. */
export function manualClock(start = 1_767_225_600_000): ManualClock {
  let now = start;
  const timers = new Set<Timer>();
  const earliest = (until: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer;
    }
    return first;
  };
  return {
    now: () => now,
    after: (ms, fire) => {
      const timer: Timer = { due: now + ms, fire };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.fire();
        await settle();
      }
      now = until;
      await settle();
    },
    pending: () => timers.size,
  };
}

/** Lets every promise that can go on go on: a turn of the event loop comes after all microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
