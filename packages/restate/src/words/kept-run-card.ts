import type { RunCard } from "./run-card.ts";

/** The card of a run as its object keeps it. It is written last for each arrival: what it does not count is not there. */
export interface KeptRunCard extends RunCard {
  /** The number of the last arrival. */
  readonly last: number;
  /** The number of the last arrival that stands in a page. */
  readonly paged: number;
  /** What the status was before the run was paused. */
  readonly before?: RunCard["status"];
}

/** The card as a list shows it. */
export function shownCard({ last: _, paged: __, before: ___, ...card }: KeptRunCard): RunCard {
  return card;
}
