/** Typed text in pieces, so that it has the same effect however the terminal cut it into chunks. */

/** Neither joins with a neighbour to one grapheme, nor begins a cluster: letters of Latin scripts, digits and signs. */
const SIMPLE = /^[\u0020-\u007e\u00a1-\u02ff]*$/;

/**
 * Cuts typed text where a word or a space begins; text that may join with what stands `behind` the cursor is cut into code points,
 * as if each had been typed alone.
 */
export function typedPieces(text: string, behind: string): readonly string[] {
  const simple = behind === "" || (SIMPLE.test(text) && SIMPLE.test(behind.slice(0, 1)));
  return simple ? (text.match(/\s+|\S+/gu) ?? []) : [...text];
}

/** Whether a word begins with a piece that is typed behind the character `before`: that begins a step of undo. */
export function opensWord(piece: string, before: string): boolean {
  return isSpace(before) && !isSpace(piece);
}

function isSpace(text: string): boolean {
  return /^\s/u.test(text);
}
