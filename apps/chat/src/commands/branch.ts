import { safe, safeText } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";
import { keptMessages, messageNumber } from "./kept-messages.ts";

/** `/branch [n]`, which `/fork <n>` is too */
export function branchCommand(desk: Desk): Command {
  return {
    name: "branch",
    usage: "/branch [n]",
    description: "go on in a copy of the conversation, up to a message",
    when: "idle",
    values: () => keptMessages(desk.session),
    run: async (argument) => {
      const { sessionId } = desk;
      // One that is read only has no open session.
      const session = sessionId === undefined ? undefined : await desk.sessions.load(sessionId, { last: 0 });
      const number = messageNumber(session, argument);
      if (session === undefined || number === undefined) {
        desk.print(noMessage(argument, session?.turnCount ?? 0));
        return;
      }
      const fork = await desk.sessions.fork(session.id, number);
      await desk.resumeSession(fork.id);
      const title = safeText(session.title.replaceAll("\n", " "));
      desk.print(
        noticeEntry(
          safe`This is a copy of "${title}" up to message ${number}; that one stays as it is.`,
          "done",
        ),
      );
    },
  };
}

/** Said where there is no such message. */
export function noMessage(argument: string, count: number): ReturnType<typeof noticeEntry> {
  const there = count === 1 ? safe`there is 1` : safe`there are ${count}`;
  return count === 0
    ? noticeEntry(safe`There is no message yet.`, "warning")
    : noticeEntry(safe`There is no message "${safeText(argument.slice(0, 40))}": ${there}.`, "warning");
}
