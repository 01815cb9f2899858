import type { Clock } from "@orch/core";
import { NeverIdleError } from "../errors/never-idle-error.ts";
import { firstLoad } from "./first-load.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`, firing the timers that come due in their order, and lets everything they
   * set in motion settle before the next one. Where a scripted model was made, what agents load with
   * their first calls is loaded before.
   */
  readonly advance: (ms: number) => Promise<void>;
  /**
   * Jumps to the next timer and fires it, and lets everything it sets in motion settle. Gives false,
   * and moves nothing, when no timer waits.
   */
  readonly runNext: () => Promise<boolean>;
  /**
   * Jumps from timer to timer until none waits.
   *
   * @param limit how many timers may fire, so that what sets a timer for ever ends too. Default 10,000.
   * @throws NeverIdleError (`ORCH_NEVER_IDLE`) when timers are left after that.
   */
  readonly runAll: (limit?: number) => Promise<void>;
  /** Sets what `now` says, as when the machine's clock is set. Timers wait as long as they would have waited. */
  readonly set: (now: number) => void;
  /** How many timers wait. */
  readonly pending: () => number;
}

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/** Makes a clock that starts at `start`, in milliseconds since the epoch. Default: 2026-01-01 UTC. */
export function manualClock(start = 1_767_225_600_000): ManualClock {
  let now = 0;
  /** What `now` says when `elapsed` says 0. */
  let epoch = start;
  const timers = new Set<Timer>();
  const earliest = (until: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer;
    }
    return first;
  };
  const fire = async (timer: Timer): Promise<void> => {
    timers.delete(timer);
    now = Math.max(now, timer.due);
    timer.fire();
    await settle();
  };
  const runNext = async (): Promise<boolean> => {
    await settle();
    const timer = earliest(Number.POSITIVE_INFINITY);
    if (timer === undefined) return false;
    await fire(timer);
    return true;
  };
  return {
    now: () => epoch + now,
    elapsed: () => now,
    set: (wall) => {
      epoch = wall - now;
    },
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
        await fire(timer);
      }
      now = until;
      await settle();
    },
    runNext,
    runAll: async (limit = 10_000) => {
      let fired = 0;
      while (await runNext()) {
        fired += 1;
        if (fired >= limit && timers.size > 0) throw new NeverIdleError({ limit, pending: timers.size });
      }
    },
    pending: () => timers.size,
  };
}

/** Lets every promise that can go on go on: a turn of the event loop comes after all microtasks. */
async function settle(): Promise<void> {
  const loading = firstLoad();
  if (loading !== undefined) await loading;
  await new Promise<void>((resolve) => setImmediate(resolve));
}
