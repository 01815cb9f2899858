import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** Turns that are shown at once where no number is said, and at most. */
const SHOWN = 10;
const MAX_SHOWN = 500;

/** `/earlier [n]` */
export function earlierCommand(desk: Desk): Command {
  return {
    name: "earlier",
    usage: "/earlier [n]",
    description: "show turns of the conversation that came before",
    when: "always",
    run: async (argument) => {
      const count = /^\d{1,4}$/.test(argument) ? Math.min(Number(argument), MAX_SHOWN) : SHOWN;
      if (!(await desk.showEarlier(Math.max(1, count))))
        desk.print(noticeEntry(safe`All of the conversation is shown.`));
    },
  };
}
