import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";
import { NOTHING_APART } from "./retry.ts";

/** `/undo` */
export function undoCommand(desk: Desk): Command {
  return {
    name: "undo",
    usage: "/undo",
    description: "drop the last message that has no answer",
    when: "idle",
    run: async () => {
      if (!desk.apart) return desk.print(NOTHING_APART);
      await desk.undo();
      desk.print(noticeEntry(safe`Dropped: the conversation goes on without it.`, "done"));
    },
  };
}
