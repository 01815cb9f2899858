import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** Lines of a result that are shown; the others are counted. */
const MAX_LINES = 500;
/** Characters of a line. */
const MAX_LINE = 2000;

/** `/expand`, and Ctrl-O */
export function expandCommand(desk: Pick<Desk, "print" | "lastCall">): Command {
  return {
    name: "expand",
    usage: "/expand",
    description: "show the last result of a tool in full",
    when: "always",
    run: () => {
      const call = desk.lastCall;
      if (call === undefined) {
        desk.print(noticeEntry(safe`No tool was called yet in this conversation.`));
        return;
      }
      const all = call.result.trim().split("\n");
      const shown = all.slice(0, MAX_LINES).map((line) => visibleText(line.slice(0, MAX_LINE)));
      const left = all.length - shown.length;
      desk.print((style) => {
        const { styles, glyphs } = style.theme;
        const role = call.status === "skipped" ? "idle" : call.status;
        const head: Line = [
          span(safe`  ${glyphs[call.status]} `, styles[role]),
          span(call.label, styles.strong),
        ];
        const more: SafeText[] = left > 0 ? [safe`${left} more lines: /export json has them all`] : [];
        return [
          [],
          head,
          // As it is, so that it can be selected and copied.
          ...shown.flatMap((line): readonly Line[] => wrapLine([span(line)], style.width, { soft: true })),
          ...more.map((text): Line => [span(text, styles.dim)]),
        ];
      });
    },
  };
}
