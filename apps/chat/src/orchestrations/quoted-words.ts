/** A text as its words are compared with those of a quote. */

/** A word, or a character of a script that puts no spaces between words, and where it stands. */
export interface QuotedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
/** Where words end in such a script depends on what stands around, and a part of a sentence has less around it: so by character. */
const SIGN = `[${UNSPACED}]\\p{M}*`;
const WORD = `(?:(?![${UNSPACED}])[\\p{L}\\p{N}])(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])*`;
const WORDS = new RegExp(`${SIGN}|${WORD}|[<>=+%$]+`, "gu");
const IS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u");

let segmenter: Intl.Segmenter | undefined;

/** The words and characters of a text that have to be the same in a quote. */
export function* quotedWords(text: string): Generator<QuotedWord> {
  for (const match of text.matchAll(WORDS))
    yield { word: match[0].toLowerCase(), start: match.index, end: match.index + match[0].length };
}

/** How many words a quote has, in whatever script. */
export function countWords(quote: string): number {
  let count = 0;
  let unspaced = false;
  for (const { word } of quotedWords(quote)) {
    if (IS_UNSPACED.test(word)) unspaced = true;
    else count++;
  }
  if (!unspaced) return count;
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  for (const { segment } of segmenter.segment(quote)) if (IS_UNSPACED.test(segment)) count++;
  return count;
}
