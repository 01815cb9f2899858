/** A list to choose from, with the present choice marked. */

import type { CompletionValue } from "../input/completion.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { padEnd, truncate, truncateLine, widthOf } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";

/** Draws the choices; `hint` says how to choose. */
export function choiceEntry(choices: readonly CompletionValue[], present: string, hint: string): Entry {
  // A value that the user typed is a choice as well.
  const all = choices.some(({ value }) => value === present) ? choices : [{ value: present }, ...choices];
  return ({ width, theme }) => {
    const { glyphs, styles } = theme;
    const names = all.map(({ value }) => truncate(safeText(value), width >> 1));
    const column = Math.max(...names.map(widthOf));
    const lines = all.map(({ value, description = "" }, at): Line => {
      const mark = span(value === present ? glyphs.chosen : safe` `, styles.done);
      return [
        mark,
        span(safe` ${padEnd(names[at]!, column)}`, value === present ? styles.strong : undefined),
        span(safe`  ${safeText(description)}`, styles.dim),
      ];
    });
    return [[], ...lines, [span(safeText(hint), styles.dim)]].map((line) => truncateLine(line, width));
  };
}
