/** Search in the history of sent messages. */
import fuzzysort from "fuzzysort";
import { type Completion, MAX_ITEMS } from "./completion.ts";

/**
 * The entries that fit what is typed, the newest first: those that hold each of its words, or else those that hold its
 * letters in order. A choice replaces all that is typed.
 */
export function searchHistory(typed: string, history: readonly string[]): Completion | undefined {
  const newest = history.filter((entry) => entry !== typed).reverse();
  const words = typed.toLowerCase().split(/\s+/);
  const exact = newest.filter((entry) => words.every((word) => entry.toLowerCase().includes(word)));
  const found =
    exact.length > 0
      ? exact.slice(0, MAX_ITEMS)
      : fuzzysort.go(typed, newest, { limit: MAX_ITEMS, threshold: 0 }).map(({ target }) => target);
  if (found.length === 0) return undefined;
  return { start: 0, end: typed.length, items: found.map((entry) => ({ label: entry, insert: entry })) };
}
