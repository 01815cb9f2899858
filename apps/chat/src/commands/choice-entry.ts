/** A list to choose from, with the present choice marked. */

import type { CompletionValue } from "../input/completion.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, padEnd, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";

/** Cells that a description needs beside its name; with less it stands below. */
const MIN_DESCRIPTION = 30;
/** Cells before a name: the mark and a space. */
const MARK = 2;

/** Draws the choices; `hint` says how to choose. Nothing is cut that has to be typed. */
export function choiceEntry(choices: readonly CompletionValue[], present: string, hint: string): Entry {
  // A value that the user typed is a choice as well.
  const all = choices.some(({ value }) => value === present) ? choices : [{ value: present }, ...choices];
  return (style) => {
    const { width, theme } = style;
    const { glyphs, styles } = theme;
    const column = Math.max(...all.map(({ value }) => widthOf(safeText(value))));
    const isStacked = MARK + column + 2 + MIN_DESCRIPTION > width;
    const lines = all.flatMap(({ value, description = "" }): readonly Line[] => {
      const isPresent = value === present;
      const mark = span(isPresent ? glyphs.chosen : safe` `, styles.done);
      const isAlone = isStacked || description === "";
      const name = safe` ${isAlone ? safeText(value) : padEnd(safeText(value), column)}`;
      const first: Line = [mark, span(name, isPresent ? styles.strong : undefined)];
      if (description === "") return [truncateLine(first, width)];
      const indent = isStacked ? MARK + 2 : MARK + column + 2;
      const meaning = wrapLine([span(safeText(description), styles.dim)], Math.max(1, width - indent), style);
      const under: Line = [{ text: padEnd(safe``, indent) }];
      return isStacked
        ? [truncateLine(first, width), ...indentLines(meaning, under, under)]
        : indentLines(meaning, [...first, { text: safe`  ` }], under);
    });
    return [[], ...lines, ...wrapLine([span(safeText(hint), styles.dim)], width, style)];
  };
}
