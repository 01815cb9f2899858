/**
 * What a code point is to a terminal. Ranges instead of regular expressions: the answer is the same in
 * every engine and costs the same for every input.
 */

/** How a code point may appear. `hidden` covers controls, bidi marks, fillers, tags and lone surrogates. */
export type CodePointKind = "text" | "emoji" | "mark" | "joiner" | "emoji-style" | "hidden";

type Range = readonly [first: number, last: number];

/** Characters that draw nothing, change the direction of others, or steer a terminal. Sorted. */
const HIDDEN: readonly Range[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** Finds hidden characters in text that is well formed; `JSON.stringify` escapes lone surrogates. */
export const hiddenPattern = new RegExp(
  `[${HIDDEN.filter(([first]) => first !== 0xd800)
    .map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`)
    .join("")}]`,
  "gu",
);

/** Marks that pile up on their base without end: general ones, and those of scripts known for it. Sorted. */
const MARKS: readonly Range[] = [
  [0x0300, 0x036f],
  [0x0483, 0x0489],
  [0x0591, 0x05bd],
  [0x0610, 0x061a],
  [0x064b, 0x065f],
  [0x06d6, 0x06ed],
  [0x0e31, 0x0e31],
  [0x0e34, 0x0e3a],
  [0x0e47, 0x0e4e],
  [0x0eb1, 0x0eb1],
  [0x0eb4, 0x0ebc],
  [0x0ec8, 0x0ece],
  [0x0f71, 0x0f84],
  [0x0f8d, 0x0fbc],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20f0],
  [0x302a, 0x302f],
  [0x3099, 0x309a],
  [0xfe20, 0xfe2f],
];

/** Where pictures live; wide enough for joined emoji, free of letters. Sorted. */
const EMOJI: readonly Range[] = [
  [0x203c, 0x203c],
  [0x2049, 0x2049],
  [0x2122, 0x2122],
  [0x2139, 0x2139],
  [0x2190, 0x21ff],
  [0x2300, 0x23ff],
  [0x25a0, 0x27bf],
  [0x2900, 0x297f],
  [0x2b00, 0x2bff],
  [0x1f000, 0x1faff],
];

/** Tells how a code point may appear on a terminal. Lone surrogates are given as their code unit. */
export function kindOf(codePoint: number): CodePointKind {
  if (codePoint >= 0x20 && codePoint < 0x7f) return "text";
  if (codePoint === 0x200d) return "joiner";
  if (codePoint === 0xfe0f) return "emoji-style";
  if (isIn(HIDDEN, codePoint) || (codePoint & 0xfffe) === 0xfffe) return "hidden";
  if (codePoint >= 0x300 && isIn(MARKS, codePoint)) return "mark";
  return isIn(EMOJI, codePoint) ? "emoji" : "text";
}

/** Tells whether the emoji style selector has something to act on: a digit of a keycap, ©, ®, or a picture. */
export function takesEmojiStyle(codePoint: number): boolean {
  const keycap = (codePoint >= 0x30 && codePoint <= 0x39) || codePoint === 0x23 || codePoint === 0x2a;
  return keycap || codePoint === 0xa9 || codePoint === 0xae || kindOf(codePoint) === "emoji";
}

function isIn(ranges: readonly Range[], codePoint: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle]!;
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
}
