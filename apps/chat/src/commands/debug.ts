import { safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** Lines of the log that are shown. */
const LINES = 20;

/** `/debug [on|off]` */
export function debugCommand(desk: Desk): Command {
  return {
    name: "debug",
    usage: "/debug [on|off]",
    description: "where the log is, and its last lines; on writes everything from now on",
    when: "always",
    run: async (argument) => {
      const { log } = desk;
      if (log.file === undefined) {
        desk.print(noticeEntry(safe`There is no log with --no-session; --debug=<file> names one.`));
        return;
      }
      if (argument !== "" && argument !== "on" && argument !== "off") {
        desk.print(noticeEntry(safe`/debug knows on and off.`, "warning"));
        return;
      }
      if (argument !== "") log.use(argument === "on" ? "debug" : "info");
      const lines = await log.tail(LINES);
      desk.print(noticeEntry(safe`The log (${safeText(log.level)}): ${visibleText(log.file)}`, "plain"));
      if (log.problem !== undefined)
        desk.print(noticeEntry(safe`Lines were lost: ${safeText(log.problem)}`, "warning"));
      if (lines.length > 0)
        desk.print((style) =>
          lines.flatMap((line) =>
            wrapLine([span(visibleText(line), style.theme.styles.dim)], style.width, style),
          ),
        );
    },
  };
}
