/** Cuts a line that is too long to wait for its end. */
import { graphemes } from "../terminal/width.ts";

/** A block is cut at this many units: lexing is not linear in the size of a block. */
export const MAX_BLOCK = 4096;
/** How many units beyond a cut are searched for the end of a grapheme. */
export const LOOKAHEAD = 64;

/** After the last space before the limit, or else between two graphemes; looks at a fixed stretch only. */
export function cutPoint(line: string): number {
  const space = line.lastIndexOf(" ", MAX_BLOCK - 1);
  if (space > MAX_BLOCK / 2) return space + 1;
  let cut = MAX_BLOCK - LOOKAHEAD;
  for (const grapheme of graphemes(line.slice(cut, MAX_BLOCK + LOOKAHEAD))) {
    if (cut + grapheme.length > MAX_BLOCK) break;
    cut += grapheme.length;
  }
  return cut;
}
