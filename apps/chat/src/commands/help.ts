import { KEY_SHEET } from "../input/keymap.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, padEnd, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { Command, Desk } from "./command.ts";

/** Cells that a meaning needs beside its key. */
const MIN_MEANING = 50;

/** `/help` */
export function helpCommand(desk: Desk): Command {
  return {
    name: "help",
    aliases: ["?"],
    usage: "/help",
    description: "commands and keys",
    when: "always",
    run: () => {
      const commands = desk.commands.map(({ usage, description }) => [usage, description] as const);
      desk.print((style) => [[], ...columns(commands, style), [], ...columns(KEY_SHEET, style)]);
    },
  };
}

/** Draws two columns, or one above the other where the width is too small. */
function columns(
  rows: readonly (readonly [string, string])[],
  { width, theme }: MarkdownStyle,
): readonly Line[] {
  const left = rows.map(([first]) => safeText(first));
  const column = Math.max(...left.map(widthOf));
  const stacked = column + MIN_MEANING > width;
  return rows.flatMap(([, second], at): readonly Line[] => {
    const meaning = span(safeText(second), theme.styles.dim);
    if (!stacked) {
      const name = span(padEnd(left[at]!, column), theme.styles.code);
      return [truncateLine([name, { text: safe`  ` }, meaning], width)];
    }
    const indent: Line = [{ text: safe`    ` }];
    const below = indentLines(wrapLine([meaning], Math.max(1, width - 4)), indent, indent);
    return [truncateLine([span(left[at]!, theme.styles.code)], width), ...below];
  });
}
