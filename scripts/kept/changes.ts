/** What a conversation tells differently than before. Each change stands in a changeset too. */

interface Change {
  /** As the changeset says it. */
  readonly what: string;
  /** Gives the events of an earlier commit as they are told now. */
  readonly apply: (events: readonly unknown[]) => readonly unknown[];
}

/** The changes since the first fixtures, oldest first. */
export const CHANGES: readonly Change[] = [];

/** The events of an earlier commit, as they are to be told now. */
export function asToldNow(events: readonly unknown[]): readonly unknown[] {
  return CHANGES.reduce((told, { apply }) => apply(told), events);
}
