import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, padEnd, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";

/** Cells that a meaning needs beside its name. */
const MIN_MEANING = 50;

/** Draws names and their meanings: in two columns, or one above the other where a meaning would have less than `least` cells. */
export function pairLines(
  rows: readonly (readonly [name: string, meaning: string])[],
  { width, theme }: MarkdownStyle,
  least: number = MIN_MEANING,
): readonly Line[] {
  const left = rows.map(([first]) => safeText(first));
  const column = Math.max(...left.map(widthOf));
  const stacked = column + least > width;
  return rows.flatMap(([, second], at): readonly Line[] => {
    const meaning = span(safeText(second), theme.styles.dim);
    if (!stacked) {
      const name: Line = [span(padEnd(left[at]!, column), theme.styles.code), { text: safe`  ` }];
      const under: Line = [{ text: padEnd(safe``, column + 2) }];
      return indentLines(wrapLine([meaning], width - column - 2), name, under);
    }
    const indent: Line = [{ text: safe`    ` }];
    const below = indentLines(wrapLine([meaning], Math.max(1, width - 4)), indent, indent);
    return [truncateLine([span(left[at]!, theme.styles.code)], width), ...below];
  });
}
