/**
 * The door to time. Everything in Orch that waits or reads the time is given a clock,
 * so that a test can move it and a host can replay it.
 */

/** Cancels a timer; calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/** A source of time and timers. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Calls `fire` once, after `ms` milliseconds, also when the clock is set meanwhile. */
  readonly after: (ms: number, fire: () => void) => CancelTimer;
  /** Milliseconds since some moment, which count on when the clock is set. Default: as `now`. */
  readonly elapsed?: () => number;
}

/** How long a wait of `ms` that is due at `due` still lasts at `now`: it ends at once when it is due, and never lasts longer than was asked, however the clock was set. */
export function restOf({ due, ms }: { readonly due: number; readonly ms: number }, now: number): number {
  return Math.min(ms, Math.max(0, due - now));
}

/** Calls `act` after every task that is ready in this process has run. */
export function endOfTurn(act: () => void): void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (act: () => void) => unknown };
  if (setImmediate === undefined) setTimeout(act, 0);
  else setImmediate(act);
}

/** A `setTimeout` of more milliseconds than this fires at once, so longer waits are made of several. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own clock. Its timers keep the process alive until they fire or are cancelled. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, fire) => {
    let rest = ms;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const part = Math.min(rest, LONGEST_TIMER);
      rest -= part;
      timer = setTimeout(rest > 0 ? wait : fire, part);
    };
    wait();
    return () => clearTimeout(timer);
  },
};
