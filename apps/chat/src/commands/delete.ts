import type { SessionSummary } from "@orch/chat-runtime";
import { safe, visibleText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";
import { sessionNamed } from "./resume.ts";

/** `/delete [id]` */
export function deleteCommand(desk: Desk): Command {
  /** What the same command deletes when it is given again. */
  let asked: string | undefined;
  return {
    name: "delete",
    usage: "/delete [id]",
    description: "delete a conversation for good, this one or another",
    when: "idle",
    values: () => desk.knownSessions.map(({ id, title }) => ({ value: id, description: title })),
    run: async (argument) => {
      const session = await wantedSession(desk, argument);
      if (session === undefined) {
        desk.print(
          noticeEntry(safe`There is nothing to delete: nothing of this conversation is kept.`, "warning"),
        );
        return;
      }
      const { id, turnCount } = session;
      const title = visibleText(session.title === "" ? id : session.title.replaceAll("\n", " "));
      if (asked !== id) {
        asked = id;
        const turns = turnCount === 1 ? safe`1 turn` : safe`${turnCount} turns`;
        desk.print(
          noticeEntry(
            safe`This deletes "${title}" (${turns}) for good. The same command again does it.`,
            "waiting",
          ),
        );
        return;
      }
      asked = undefined;
      if (id === desk.sessionId) await desk.newSession();
      await desk.sessions.remove(id);
      await desk.listSessions();
      desk.print(noticeEntry(safe`"${title}" is deleted.`, "done"));
    },
  };
}

async function wantedSession(desk: Desk, argument: string): Promise<SessionSummary | undefined> {
  if (argument !== "") return sessionNamed(desk, argument);
  const { sessionId } = desk;
  const all = await desk.listSessions();
  return all.find(({ id }) => id === sessionId);
}
