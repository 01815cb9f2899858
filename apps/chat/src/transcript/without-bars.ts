/** Keeps what was said elsewhere from looking like a question: only rows of the panel begin with its bar. */
import type { SafeText } from "../terminal/safe-text.ts";
import type { Line } from "../terminal/styled.ts";

/** The bar of the panel, and what a reader takes for it. A full block is as wide, and nobody does. */
const BARS = /[\u258b-\u258d\u2590]/g;

/**
 * Replaces each such character by a full block. It may stand anywhere in a line, because a terminal that breaks a long
 * line begins a row there. What is copied or written down comes from the source, which has it still.
 */
export function withoutBars(lines: readonly Line[]): readonly Line[] {
  if (!lines.some((line) => line.some(({ text }) => text.search(BARS) >= 0))) return lines;
  return lines.map((line) =>
    line.map((piece) => ({ ...piece, text: piece.text.replaceAll(BARS, "\u2588") as SafeText })),
  );
}
