/** Where the terminal's own cursor stands, which input methods follow: at the input, or where no change of the window can mislead it. */

/** Rows of the lowest window in which more than the input is drawn; rows above the cursor that it has no room for are lost. */
const LOWEST = 8;
/** How long after a key nobody changes the window, in milliseconds. */
const AT_THE_KEYS = 2_000;

/** What the place of the cursor follows from. */
export interface CursorFacts {
  /** Whether rows follow fast, because an answer is on its way. */
  readonly isLive: boolean;
  /** Whether the input belongs to a question. */
  readonly isAnswering: boolean;
  /** Rows of the live region above the input. */
  readonly above: number;
  /** Whether the terminal lays the cursor's line out anew when the window changes. */
  readonly reflows: boolean;
  /** What stands in the input. */
  readonly text: string;
  /** Since the last key, in milliseconds. */
  readonly sinceKey: number;
}

/**
 * Whether the cursor is at the input. While an answer is on its way, a terminal that lays the rows above the cursor out anew
 * tells of that later than the next frame: going up by rows that are no more would erase lines of the answer. There it
 * is at the input only while somebody writes.
 */
export function isAtInput(facts: CursorFacts): boolean {
  if (!facts.isLive || facts.isAnswering) return true;
  if (facts.above >= LOWEST) return false;
  return !facts.reflows || (facts.text !== "" && facts.sinceKey < AT_THE_KEYS);
}
