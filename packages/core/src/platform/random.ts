/** The door to chance: jitter and fresh ids draw from it, so that a seed repeats a run. */

/** A fraction in `[0, 1)`. */
export type Random = () => number;

/** The machine's own chance. */
export const systemRandom: Random = () => Math.random();
