/** What a typed text may mean as an answer. The question says by its schema which of them fits. */
import { parseJson } from "@orch/core";

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["y", true],
  ["yes", true],
  ["n", false],
  ["no", false],
]);

/** Gives a text as it stands, then as a yes or a no, or else as the JSON that it is. */
export function* answerReadings(text: string): Iterable<unknown> {
  yield text;
  const word = WORDS.get(text.trim().toLowerCase());
  if (word !== undefined) {
    yield word;
    return;
  }
  const value = jsonIn(text);
  if (value !== undefined) yield value;
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
