/** The words of a text as the index keeps them: in lower case, `camelCase` names also in their parts, each word once. */

/** The longest word that is kept, in characters: longer ones are data. */
const MAX_WORD = 40;
/** The most words that are kept of one file. */
const MAX_WORDS = 20_000;
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The words of `text`, separated by spaces. */
export function indexWords(text: string): string {
  const kept = new Set<string>();
  for (const spelled of [text, text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")])
    for (const [word] of spelled.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
      if (word.length <= MAX_WORD || UNSPACED.test(word)) for (const part of partsOf(word)) kept.add(part);
      if (kept.size >= MAX_WORDS) return [...kept].join(" ");
    }
  return [...kept].join(" ");
}

/** A word of a script without spaces is kept as its pairs of characters, so that what stands in its middle is found. */
export function partsOf(word: string): readonly string[] {
  if (!UNSPACED.test(word)) return [word];
  const signs = [...word];
  return signs.length < 3 ? [word] : signs.slice(1).map((sign, at) => `${signs[at]}${sign}`);
}
