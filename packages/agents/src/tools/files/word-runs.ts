/** Where words begin and end: at what is no letter, and in scripts without spaces where the dictionary of the machine says so. */

const RUN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** Scripts that put no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/** The words of a text as they stand in it, in order. */
export function wordRuns(text: string): readonly string[] {
  const runs = text.match(RUN) ?? [];
  return UNSPACED.test(text) ? runs.flatMap(wordsOfRun) : runs;
}

function wordsOfRun(run: string): readonly string[] {
  if (!UNSPACED.test(run)) return [run];
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  return Array.from(segmenter.segment(run), ({ segment }) => segment);
}
