/** Of a folder with too many files to read, those that count for a query. */
import type { TextFile } from "./text-file-listing.ts";
import type { TextFolder } from "./text-folder.ts";
import { wordRuns } from "./word-runs.ts";
import { isCommonWord, rawWords, stemsOf } from "./words.ts";

/** Files that were found by a word in them and are read. */
const MAX_FOUND = 100;
/** Files whose name fits, and files that were changed last, that are read beside them. */
const MAX_BESIDE = 20;

/**
 * Files that hold a word of the query, files whose name fits it, and those that were changed last; `undefined` where nobody
 * can find files by what they hold. `listed` is the part of the folder that is known by name.
 */
export async function counting(
  folder: TextFolder,
  listed: readonly TextFile[],
  query: string,
  signal: AbortSignal | undefined,
): Promise<readonly TextFile[] | undefined> {
  const found = await folder.find?.(beginningsOf(query), signal);
  if (found === undefined) return undefined;
  const wanted = [...found.slice(0, MAX_FOUND), ...fitting(listed, query), ...recent(listed)];
  return folder.pick([...new Set(wanted)]);
}

/** The words of a query as they may begin in a text: an ending is left off, a number or a name with one is kept whole. */
function beginningsOf(query: string): readonly string[] {
  const words = rawWords(query).filter((word) => !isCommonWord(word));
  const names = wordRuns(query.toLowerCase());
  const whole = names.filter((name) => /\p{N}/u.test(name) && !words.includes(name));
  const cut = words.map((word) =>
    /^\p{L}+$/u.test(word) && word.length > 4 ? word.slice(0, Math.max(4, word.length - 3)) : word,
  );
  return [...new Set([...cut, ...whole])];
}

/** Files whose path has a stem of the query. */
function fitting(files: readonly TextFile[], query: string): readonly string[] {
  const asked = new Set(stemsOf(query));
  const scored = files.map(({ path }) => ({
    path,
    score: stemsOf(path).filter((stem) => asked.has(stem)).length,
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_BESIDE)
    .map(({ path }) => path);
}

function recent(files: readonly TextFile[]): readonly string[] {
  const sorted = files.toSorted((a, b) => b.modified - a.modified);
  return sorted.slice(0, MAX_BESIDE).map(({ path }) => path);
}
