import { textOf } from "@orch/agents";
import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import { noMessage } from "./branch.ts";
import type { Command, Desk } from "./command.ts";
import { keptMessages, messageNumber } from "./kept-messages.ts";

/** `/edit [n]` */
export function editCommand(desk: Desk): Command {
  return {
    name: "edit",
    usage: "/edit [n]",
    description: "write a message anew, in a copy of the conversation before it",
    when: "idle",
    values: () => keptMessages(desk.session),
    run: async (argument) => {
      const { sessionId } = desk;
      const count = sessionId === undefined ? undefined : await desk.sessions.load(sessionId, { last: 0 });
      const number = messageNumber(count, argument);
      if (sessionId === undefined || number === undefined) {
        desk.print(noMessage(argument, count?.turnCount ?? 0));
        return;
      }
      const { turns } = await desk.sessions.load(sessionId, { last: 1, before: number });
      const fork = await desk.sessions.fork(sessionId, number - 1);
      await desk.resumeSession(fork.id);
      desk.print(
        noticeEntry(
          safe`Message ${number} is in the input: Enter sends it in this copy. The conversation before stays as it is.`,
        ),
      );
      const message = turns[0]?.messages[0];
      desk.edit(message === undefined ? "" : textOf(message));
    },
  };
}
