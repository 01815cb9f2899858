/** A run of which no snapshot can be made. */
export class Formless extends Error {}

/** Gives up making a snapshot, unless this holds. */
export function must(holds: boolean): void {
  if (!holds) none();
}

/** Gives up making a snapshot. */
export function none(): never {
  throw new Formless();
}
