import type { SessionSummary } from "@orch/chat-runtime";
import { age } from "../sessions/age.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { padEnd, truncateLine, widthOf } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** Sessions that are listed. */
const MAX_LISTED = 15;

/** `/sessions` */
export function sessionsCommand(desk: Desk): Command {
  return {
    name: "sessions",
    usage: "/sessions",
    description: "list the conversations",
    when: "always",
    run: async () => {
      const sessions = await desk.listSessions();
      if (sessions.length === 0) {
        desk.print(noticeEntry(safe`No conversation is kept yet: each is, from its first message on.`));
        return;
      }
      const now = desk.now();
      const present = desk.sessionId;
      desk.print(({ width, theme }) => {
        const { glyphs, styles } = theme;
        const rows = sessions.slice(0, MAX_LISTED).map((session) => describe(session, now));
        const ages = Math.max(...rows.map((row) => widthOf(row.age)));
        const lines = rows.map((row, at): Line => {
          const here = sessions[at]!.id === present;
          return [
            span(here ? glyphs.chosen : safe` `, styles.done),
            span(safe` ${padEnd(safe`${at + 1}`, 3)}`, styles.code),
            span(safe`${padEnd(row.age, ages)}  `, styles.dim),
            span(row.title, styles.strong),
            span(safe`  ${row.rest}`, styles.dim),
          ];
        });
        const left = sessions.length - rows.length;
        const more = left > 0 ? safe`${left} older ones. ` : safe``;
        const hint: Line = [span(safe`${more}/resume <number or id> goes on with one.`, styles.dim)];
        return [[], ...lines, hint].map((line) => truncateLine(line, width));
      });
    },
  };
}

function describe(
  session: SessionSummary,
  now: number,
): { readonly age: SafeText; readonly title: SafeText; readonly rest: SafeText } {
  const { title, turnCount, lastConfiguration, heldBy, id } = session;
  const turns = turnCount === 1 ? safe`1 turn` : safe`${turnCount} turns`;
  const by = lastConfiguration === undefined ? safe`` : safe` · ${safeText(lastConfiguration)}`;
  const held = heldBy === undefined ? safe`` : safe` · open`;
  return {
    age: age(now - session.updatedAt),
    title: title === "" ? safeText(id) : safeText(title.replaceAll("\n", " ")),
    rest: safe`${turns}${by}${held}`,
  };
}
