import { safe, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/rename <title>` */
export function renameCommand(desk: Desk): Command {
  return {
    name: "rename",
    usage: "/rename <title>",
    description: "give the conversation another title",
    when: "always",
    run: async (title) => {
      if (title === "") return desk.print(noticeEntry(safe`/rename needs a title.`, "warning"));
      if (desk.session === undefined || desk.session.turnCount === 0)
        return desk.print(
          noticeEntry(
            safe`There is nothing to rename yet: a conversation is kept from its first message on.`,
            "warning",
          ),
        );
      await desk.renameSession(title);
      desk.print(noticeEntry(safe`The conversation is called "${visibleText(title)}"`, "done"));
    },
  };
}
