/** Keeps what was said elsewhere from looking like a question: only rows of the panel begin with its bar. */
import type { SafeText } from "../terminal/safe-text.ts";
import { type Line, plainText } from "../terminal/styled.ts";

/** The bar of the panel, and what a reader takes for it. A full block is as wide, and nobody does. */
const BARS = /[\u258b-\u258d\u2590]/g;
/** The bar in ASCII, whatever is drawn over its signs. */
const ASCII_BAR = /\?\p{M}*#\p{M}*\|/gu;

/**
 * Replaces each such character by a full block, and the end of the bar in ASCII by a colon. They may stand anywhere in a
 * line, because a terminal that breaks a long line begins a row there. What is copied or written down comes from the
 * source, which has it still.
 */
export function withoutBars(lines: readonly Line[]): readonly Line[] {
  return lines.map((line) => withoutAsciiBars(withoutBlocks(line)));
}

function withoutBlocks(line: Line): Line {
  if (!line.some(({ text }) => text.search(BARS) >= 0)) return line;
  return line.map((piece) => ({ ...piece, text: piece.text.replaceAll(BARS, "\u2588") as SafeText }));
}

/** The signs of the bar may stand in pieces of different looks. */
function withoutAsciiBars(line: Line): Line {
  if (!line.some(({ text }) => text.includes("|"))) return line;
  const ends = [...plainText(line).matchAll(ASCII_BAR)].map(({ 0: bar, index }) => index + bar.length - 1);
  if (ends.length === 0) return line;
  let from = 0;
  return line.map((piece) => {
    const start = from;
    from += piece.text.length;
    const text = ends
      .filter((end) => end >= start && end < from)
      .reduce(
        (left, end) => `${left.slice(0, end - start)}:${left.slice(end - start + 1)}`,
        piece.text as string,
      );
    return { ...piece, text: text as SafeText };
  });
}
