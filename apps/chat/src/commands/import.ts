import { readImport } from "../sessions/session-acts.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/import <file>` */
export function importCommand(desk: Desk): Command {
  return {
    name: "import",
    usage: "/import <file>",
    description: "read a conversation that /export jsonl wrote, and go on with it",
    when: "idle",
    run: async (name) => {
      if (name === "") return desk.print(noticeEntry(safe`/import needs a file of this folder.`, "warning"));
      const { id } = await desk.sessions.import(await readImport(desk.folder, name, true));
      await desk.resumeSession(id);
      desk.print(noticeEntry(safe`${visibleText(name)} is imported.`, "done"));
    },
  };
}
