import { safe } from "../terminal/safe-text.ts";
import { type Entry, noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";
import { stateChoices } from "./state-choices.ts";

/** The answer of `/retry` and `/undo` while there is nothing to try again or to drop. */
export const NOTHING_APART: Entry = noticeEntry(safe`Every message here has its answer.`);

/** `/retry [state]` */
export function retryCommand(desk: Desk): Command {
  return {
    name: "retry",
    usage: "/retry [state]",
    description: "try the last message again that has no answer, or from a state on",
    when: "idle",
    values: () => stateChoices(desk),
    run: (state) => {
      if (state !== "") return desk.retryState(state);
      return desk.apart ? desk.retry() : desk.print(NOTHING_APART);
    },
  };
}
