import type { SessionSummary } from "@orch/chat-runtime";
import { noticeEntry } from "../app/entry.ts";
import { safe, visibleText } from "../terminal/safe-text.ts";
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
      const sessions = await desk.listSessions();
      const found = findSession(sessions, wanted, desk.sessionId);
      if (found !== undefined) {
        await desk.resumeSession(found.id);
        return;
      }
      const what =
        wanted === "" ? safe`No other conversation` : safe`No conversation “${visibleText(wanted)}”`;
      desk.print(noticeEntry(safe`${what} is kept here: /sessions lists them.`, "waiting"));
    },
  };
}

/** By number in the list, by id, or by a part of it that fits one only; without a wish the newest other one. */
function findSession(
  sessions: readonly SessionSummary[],
  wanted: string,
  present: string | undefined,
): SessionSummary | undefined {
  if (wanted === "") return sessions.find(({ id }) => id !== present);
  if (/^\d{1,4}$/.test(wanted)) return sessions[Number(wanted) - 1];
  const fitting = sessions.filter(({ id }) => id === wanted || id.startsWith(wanted) || id.endsWith(wanted));
  return fitting.find(({ id }) => id === wanted) ?? (fitting.length === 1 ? fitting[0] : undefined);
}
