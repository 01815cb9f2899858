/** How often an answer is drawn: as often as something on it can have changed, and no more. */

/** While events come, and while times are shown in tenths of a second, in milliseconds. */
export const TICK = 80;
/** How often it is looked for events while nothing moves, in milliseconds. */
export const STILL_TICK = 250;
/** How long after the last event nothing moves in what waits for a person, in milliseconds. */
const SETTLED = 1_000;
/** From here on times are shown in seconds, in milliseconds. */
const SLOW = 10_000;

/** What a drawing of an answer shows, as far as time alone changes it. */
export interface AnswerPace {
  /** When it is looked for events again, in milliseconds from now. */
  readonly next: number;
  /** What is shown of the time: it is drawn again when this is another one. */
  readonly shown: number;
}

/**
 * The pace `still` milliseconds after the last event. What waits for a person shows minutes, because nothing else of it
 * moves, maybe for days.
 */
export function paceOf(still: number, onlyWaits: boolean, now: number, since: number): AnswerPace {
  if (onlyWaits && still >= SETTLED) return { next: STILL_TICK, shown: Math.floor((now - since) / 60_000) };
  if (still < SLOW) return { next: TICK, shown: now };
  return { next: STILL_TICK, shown: Math.floor(now / 1_000) };
}
