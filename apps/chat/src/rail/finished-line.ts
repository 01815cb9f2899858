/** The line of a state that has ended. */

import { duration } from "../terminal/duration.ts";
import { safe } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { padEnd, padStart, repeat, truncate, truncateLine, widthOf } from "../terminal/width.ts";
import { tokensText } from "./figures.ts";
import type { FinishedState } from "./rail-entry.ts";
import { MAX_NAME, NARROW, oneLine, STATUS_GLYPHS, statusStyle } from "./rail-lines.ts";

/** The line that a finished state leaves in the scrollback. */
export function finishedLine(finished: FinishedState, width: number, theme: Theme): Line {
  const { glyphs, styles } = theme;
  const status = finished.status;
  const head = span(
    safe`${repeat(safe`  `, finished.depth)}${glyphs[STATUS_GLYPHS[status]]} `,
    statusStyle(status, theme),
  );
  const name =
    finished.visit > 1 && !finished.lane ? safe`${finished.name} ×${finished.visit}` : finished.name;
  const time = duration(finished.duration);
  if (theme.spoken)
    return [{ text: safe`${name} ${glyphs[STATUS_GLYPHS[status]]} ${time}, ${oneLine(finished.summary)}` }];
  if (width < NARROW) {
    const text = safe` ${time} ${glyphs.separator} ${finished.summary}`;
    return truncateLine([head, span(name, styles.strong), span(text, styles.dim)], width);
  }
  const spent = finished.tokens === 0 ? safe`` : safe`  ${tokensText(finished)} tok`;
  // The times stand below each other, whether tokens were spent or not.
  const right = safe`${spent}  ${padStart(time, 5)}`;
  const left = truncateLine(
    [
      head,
      span(padEnd(truncate(name, MAX_NAME), 12), styles.strong),
      span(safe` ${oneLine(finished.summary)}`),
    ],
    width - widthOf(right),
  );
  const used = left.reduce((sum, piece) => sum + widthOf(piece.text), 0);
  const gap = repeat(safe` `, Math.min(80, width) - used - widthOf(right));
  return [...left, { text: gap }, span(right, styles.dim)];
}
