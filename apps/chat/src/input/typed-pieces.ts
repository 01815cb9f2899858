/** Typed text in pieces, so that it has the same effect however the terminal cut it into chunks. */

/** Neither joins with a neighbour to one grapheme, nor begins a cluster: letters of Latin scripts, digits and signs. */
const SIMPLE = /^[\u0020-\u007e\u00a1-\u02ff]*$/;

/** A piece of typed text. */
export interface TypedPiece {
  readonly text: string;
  /** Whether a word begins with it, which begins a step of undo. */
  readonly opens: boolean;
}

/**
 * Cuts typed text where a word begins; text that may join with what stands `behind` the cursor is cut into code points, as if
 * each had been typed alone. `before` is the character in front of the cursor.
 */
export function typedPieces(text: string, before: string, behind: string): TypedPiece[] {
  const simple = behind === "" || (SIMPLE.test(text) && SIMPLE.test(behind.slice(0, 1)));
  const parts = simple ? (text.match(/\s+|\S+/gu) ?? []) : [...text];
  let last = before;
  return parts.map((part) => {
    const opens = isSpace(last) && !isSpace(part);
    last = part.slice(-1);
    return { text: part, opens };
  });
}

function isSpace(text: string): boolean {
  return /^\s/u.test(text);
}
