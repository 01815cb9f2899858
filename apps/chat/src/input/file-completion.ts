/** Completion of the names of files behind an `@`. */
import fuzzysort from "fuzzysort";
import { type Completion, MAX_ITEMS } from "./completion.ts";

/** What may complete the name at the cursor; `undefined` when there is none, or it is written in full. */
export function completeFile(text: string, cursor: number, files: readonly string[]): Completion | undefined {
  const written = mentioned(text, cursor);
  const typed = written?.replace(/^"/, "");
  if (written === undefined || typed === undefined || files.includes(typed)) return undefined;
  const found =
    typed === ""
      ? files.slice(0, MAX_ITEMS)
      : fuzzysort.go(typed, files, { limit: MAX_ITEMS, threshold: 0.3 }).map(({ target }) => target);
  if (found.length === 0) return undefined;
  const items = found.map((path) => ({ label: path, insert: /\s/.test(path) ? `"${path}" ` : `${path} ` }));
  return { start: cursor - written.length, end: cursor, items };
}

/** Whether the names are needed now: for the first mention, and anew where another begins. */
export function wantsFiles(text: string, cursor: number, known: boolean): boolean {
  const typed = mentioned(text, cursor);
  return known ? typed === "" : typed !== undefined;
}

/** The part of a name between an `@` that begins a word and the cursor; a name with spaces stands in quotes. */
function mentioned(text: string, cursor: number): string | undefined {
  return /(?:^|\s)@("[^"\n]*|\S*)$/.exec(text.slice(0, cursor))?.[1];
}
