import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/resume [id]` */
export function resumeCommand(desk: Desk): Command {
  return {
    name: "resume",
    usage: "/resume [id]",
    description: "go on with an earlier conversation",
    when: "idle",
    values: () => desk.knownSessions.map(({ id, title }) => ({ value: id, description: title })),
    run: async (wanted) => {
      const id = await idOf(desk, wanted);
      if (id !== undefined) await desk.resumeSession(id);
      else
        desk.print(noticeEntry(safe`No other conversation is kept here: /sessions lists them.`, "warning"));
    },
  };
}

/** By number in the list, or by id; without a wish the newest other one. */
async function idOf(desk: Desk, wanted: string): Promise<string | undefined> {
  const sessions = await desk.listSessions();
  if (wanted === "") return sessions.find(({ id }) => id !== desk.sessionId)?.id;
  const numbered = /^\d{1,4}$/.test(wanted) ? sessions[Number(wanted) - 1] : undefined;
  return numbered?.id ?? (await desk.findSession(wanted));
}
