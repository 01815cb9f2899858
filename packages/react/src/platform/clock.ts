/** The door to time. */

/** Calls `fire` after `ms` milliseconds; the function that it gives prevents that. */
export type StartTimer = (ms: number, fire: () => void) => () => void;

/** The machine's own timers. */
export const systemTimer: StartTimer = (ms, fire) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};
