import type { Grant } from "../questions/grants.ts";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/approve` */
export function approveCommand(desk: Desk): Command {
  return {
    name: "approve",
    usage: "/approve [revoke n]",
    description: "the tools that run here without a question; revoke n takes one back, revoke all every one",
    when: "always",
    run: async (argument) => {
      const grants = await desk.grants.list();
      if (argument === "") return list(desk, grants);
      const which = /^revoke\s+(all|\d+)$/.exec(argument)?.[1];
      const revoked = which === "all" ? grants : grants.filter((_, at) => String(at + 1) === which);
      if (revoked.length === 0) {
        desk.print(
          noticeEntry(
            safe`Say which one: /approve lists them, /approve revoke 1 takes the first back.`,
            "warning",
          ),
        );
        return;
      }
      for (const grant of revoked) await desk.grants.remove(grant);
      for (const grant of revoked) desk.print(noticeEntry(safe`Taken back: ${wordsOf(grant)}`, "done"));
    },
  };
}

function list(desk: Desk, grants: readonly Grant[]): void {
  if (grants.length === 0) {
    desk.print(
      noticeEntry(safe`Nothing is allowed here for good. The keys a and s of a question about a tool do it.`),
    );
    return;
  }
  desk.print(({ width, theme }) => {
    const rows = grants.flatMap((grant, at): readonly Line[] =>
      wrapLine([span(safe`${at + 1} `, theme.styles.dim), span(wordsOf(grant))], width),
    );
    const hint = wrapLine([span(safe`/approve revoke 1 takes the first back`, theme.styles.dim)], width);
    return [[], ...rows, ...hint];
  });
}

function wordsOf({ orchestration, tool, arguments: of }: Grant): SafeText {
  const whose = safe`${visibleText(tool)} of ${visibleText(orchestration)}`;
  return of === undefined ? safe`${whose}, with any arguments` : safe`${whose}, with ${visibleText(of)}`;
}
