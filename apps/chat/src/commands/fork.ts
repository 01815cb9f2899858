import { safe, safeText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { branchCommand } from "./branch.ts";
import type { Command, Desk } from "./command.ts";
import { stateChoices } from "./state-choices.ts";

/** `/fork [step]` */
export function forkCommand(desk: Desk): Command {
  return {
    name: "fork",
    usage: "/fork [step|n]",
    description: "go another way from a state of the last run, also with other values",
    when: "always",
    values: () => stateChoices(desk),
    run: (argument) => {
      // A number is that of a message, as for /branch.
      if (/^\d+$/.test(argument)) {
        if (desk.runningTurn === undefined) return branchCommand(desk).run(argument);
        return desk.print(
          noticeEntry(safe`A message is on its way: /fork ${safeText(argument)} works after it.`, "warning"),
        );
      }
      return desk.openRun("", {
        ...(argument !== "" && { wanted: argument }),
        note: {
          text: safe`f runs this state again, i with another input, o goes on with another output`,
          tone: "done",
        },
      });
    },
  };
}
