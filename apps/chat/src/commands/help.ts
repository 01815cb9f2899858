import { KEY_SHEET } from "../keymap.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { padEnd, truncateLine, widthOf } from "../terminal/width.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import type { Command, Desk } from "./command.ts";

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

function columns(
  rows: readonly (readonly [string, string])[],
  { width, theme }: MarkdownStyle,
): readonly Line[] {
  const left = rows.map(([first]) => safeText(first));
  const column = Math.min(Math.max(...left.map(widthOf)), width >> 1);
  return rows.map(([, second], at) =>
    truncateLine(
      [
        span(padEnd(left[at]!, column), theme.styles.code),
        span(safe`  ${safeText(second)}`, theme.styles.dim),
      ],
      width,
    ),
  );
}
