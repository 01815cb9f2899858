import type { SessionSummary } from "@orch/chat-runtime";
import { ChoiceView, type Choosable } from "../full-screen/choice-view.ts";
import { sessionRow } from "../sessions/session-row.ts";
import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** Conversations that a list to choose from has at most; words find the others. */
const MAX_CHOICES = 200;

/** `/resume [id or words]` */
export function resumeCommand(desk: Desk): Command {
  return {
    name: "resume",
    usage: "/resume [id|words]",
    description: "go on with an earlier conversation",
    when: "idle",
    values: () => desk.knownSessions.map(({ id, title }) => ({ value: id, description: title })),
    run: async (wanted) => {
      const id = await wantedId(desk, wanted);
      if (id !== undefined) await desk.resumeSession(id);
    },
  };
}

/**
 * The session of a number in the list, or of a name.
 *
 * @throws SessionMissingError (`ORCH_SESSION_MISSING`).
 */
export async function sessionNamed(desk: Desk, wanted: string): Promise<SessionSummary> {
  const numbered = /^\d{1,4}$/.test(wanted) ? (await desk.listSessions())[Number(wanted) - 1] : undefined;
  return numbered ?? (await desk.sessions.find(wanted));
}

/** What the user wants, or chooses; `undefined` when that is nothing. */
async function wantedId(desk: Desk, wanted: string): Promise<string | undefined> {
  if (wanted === "") {
    const others = (await desk.listSessions()).filter(({ id }) => id !== desk.sessionId);
    if (others.length === 0) {
      desk.print(noticeEntry(safe`No other conversation is kept here: /sessions lists them.`, "warning"));
      return undefined;
    }
    const view = choiceOf(desk, "");
    // Where nothing can be drawn it is the newest other one.
    return (await desk.show(view)) ? view.chosen : others[0]?.id;
  }
  const several = /^\d{1,4}$/.test(wanted) ? [] : await desk.sessions.list({ words: wanted, limit: 2 });
  const isId = desk.knownSessions.some(({ id }) => id.startsWith(wanted) || id.endsWith(wanted));
  if (several.length < 2 || isId) return (await sessionNamed(desk, wanted)).id;
  const view = choiceOf(desk, wanted);
  return (await desk.show(view)) ? view.chosen : (await sessionNamed(desk, wanted)).id;
}

function choiceOf(desk: Desk, words: string): ChoiceView<string> {
  const find = async (words: string): Promise<readonly Choosable<string>[]> => {
    const sessions = await desk.sessions.list({ words, limit: MAX_CHOICES });
    return sessions
      .filter(({ id }) => id !== desk.sessionId)
      .map((session) => {
        const { age, title, rest } = sessionRow(session, desk.now());
        return { value: session.id, label: title, note: safe`${age}, ${rest}` };
      });
  };
  return new ChoiceView(safe`Go on with`, find, words);
}
