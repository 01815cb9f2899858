import { safe } from "../terminal/safe-text.ts";
import { type Entry, noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** The answer of `/retry` and `/undo` while there is nothing to try again or to drop. */
export const NOTHING_APART: Entry = noticeEntry(safe`Every message here has its answer.`);

/** `/retry` */
export function retryCommand(desk: Desk): Command {
  return {
    name: "retry",
    usage: "/retry",
    description: "try the last message again that has no answer",
    when: "idle",
    run: () => (desk.apart ? desk.retry() : desk.print(NOTHING_APART)),
  };
}
