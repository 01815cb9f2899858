/** Cuts between characters: half of a surrogate pair is refused by every provider, in this request and in each later one. */

/** How far around a cut a character is looked for, in UTF-16 code units: the longest emoji in use have about 30. */
const AROUND = 64;

let segmenter: Intl.Segmenter | undefined;

/**
 * Gives the beginning of a text, at most `longest` UTF-16 code units. The cut falls between characters as people see
 * them; a character that is longer than the limit is cut between its code points.
 */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  if (longest <= 0) return "";
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  const from = betweenCodePoints(text, Math.max(0, longest - AROUND));
  const around = text.slice(from, betweenCodePoints(text, longest + AROUND));
  const { index } = segmenter.segment(around).containing(longest - from) ?? { index: 0 };
  // The first character of the window may have begun before it.
  return text.slice(0, index > 0 ? from + index : betweenCodePoints(text, longest));
}

/** The position itself, or the one before it where it would part a surrogate pair. */
function betweenCodePoints(text: string, at: number): number {
  const parts = /^[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]$/.test(text.charAt(at - 1));
  return parts ? at - 1 : at;
}
