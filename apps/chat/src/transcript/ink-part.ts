/**
 * A part of a block. What is printed of a block that is still open cannot be taken back, and the window may have another
 * width when the rest follows. So a part is told by what is drawn on any width: the characters that are no blanks.
 */
import type { SafeText } from "../terminal/safe-text.ts";
import { type Line, type Span, span } from "../terminal/styled.ts";

/** From and to so many characters that are no blanks; of code, lines. */
export interface InkPart {
  readonly from: number;
  /** Absent: to the end. */
  readonly to?: number;
}

/** The whole. */
export const ALL_INK: InkPart = { from: 0 };

const BLANK = /[ \t\n]/;

/** How many characters of a line are no blanks. */
export function inkIn(line: Line): number {
  let ink = 0;
  for (const { text } of line) for (let at = 0; at < text.length; at++) if (!BLANK.test(text[at]!)) ink++;
  return ink;
}

/** The part of a line, without the blanks at its beginning, of which the row before took the place. */
export function inkOf(line: Line, { from, to = Number.POSITIVE_INFINITY }: InkPart): Span[] {
  const spans: Span[] = [];
  let ink = 0;
  // A row that was printed ended with one line feed at most.
  let begun = from === 0;
  for (const { text, style } of line) {
    let kept = "";
    for (let at = 0; at < text.length && ink < to; at++) {
      const sign = text[at]!;
      const isBlank = BLANK.test(sign);
      if (!isBlank) ink++;
      if (begun || (!isBlank && ink > from)) {
        begun = true;
        kept += sign;
      } else begun = ink === from && sign === "\n";
    }
    if (kept !== "") spans.push(span(kept as SafeText, style));
  }
  return spans;
}
