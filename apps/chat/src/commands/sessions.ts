import { sessionRow } from "../sessions/session-row.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { padEnd, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** Sessions that are listed. */
const MAX_LISTED = 15;

/** `/sessions` */
export function sessionsCommand(desk: Desk): Command {
  return {
    name: "sessions",
    usage: "/sessions [words]",
    description: "list the conversations, or those with some words",
    when: "always",
    run: async (words) => {
      const all = await desk.listSessions();
      const found = words === "" ? all : await desk.sessions.list({ words });
      if (all.length > 0 && found.length === 0) {
        desk.print(noticeEntry(safe`No conversation has the words "${visibleText(words)}".`));
        return;
      }
      if (all.length === 0) {
        desk.print(noticeEntry(safe`No conversation is kept yet: each is, from its first message on.`));
        return;
      }
      const now = desk.now();
      const present = desk.sessionId;
      desk.print((style) => {
        const { width, theme } = style;
        const { glyphs, styles } = theme;
        const rows = found.slice(0, MAX_LISTED).map((session) => sessionRow(session, now));
        const ages = Math.max(...rows.map((row) => widthOf(row.age)));
        const lines = rows.map((row, at): Line => {
          const here = found[at]!.id === present;
          return [
            span(here ? glyphs.chosen : safe` `, styles.done),
            span(
              safe` ${padEnd(safe`${all.findIndex(({ id }) => id === found[at]!.id) + 1}`, 3)}`,
              styles.code,
            ),
            span(safe`${padEnd(row.age, ages)}  `, styles.dim),
            span(row.title, styles.strong),
            span(safe`  ${row.rest}`, styles.dim),
          ];
        });
        const left = found.length - rows.length;
        const more = left > 0 ? safe`${left} older ones. ` : safe``;
        const hint: Line = [span(safe`${more}/resume chooses one; /sessions <words> searches.`, styles.dim)];
        return [[], ...lines.map((line) => truncateLine(line, width)), ...wrapLine(hint, width, style)];
      });
    },
  };
}
