/** An earlier conversation, shown again: its last messages, and how its last turn ended. */
import type { Session, TurnRecord } from "@orch/chat-runtime";
import { endedCallLines } from "../rail/call-row.ts";
import { type EndedCall, storedCalls } from "../rail/tool-calls.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { EMPTY_LINE, type Entry, messageEntries, noticeEntry } from "../transcript/entry.ts";

/** Messages that are shown. */
const MAX_MESSAGES = 20;

/** Said under a turn without an answer. */
export const APART: Entry = noticeEntry(
  safe`This message stays apart from the conversation: /retry tries it again, /undo drops it.`,
);

/** Draws the end of a session. */
export function replayEntries(session: Session): readonly Entry[] {
  const title = session.title === "" ? safeText(session.id) : safeText(session.title.replaceAll("\n", " "));
  const turns: TurnRecord[] = [];
  let shown = 0;
  const kept = session.turns.filter(({ status }) => status !== "dropped");
  for (const turn of kept.toReversed()) {
    if (shown >= MAX_MESSAGES) break;
    turns.unshift(turn);
    shown += turn.messages.filter(({ role }) => role !== "tool").length;
  }
  const earlier = kept.length - turns.length;
  const head = earlier > 0 ? safe`${title} (${earlier} earlier turns are kept, not shown)` : title;
  return [EMPTY_LINE, noticeEntry(safe`Going on with: ${head}`), ...turns.flatMap(turnEntries)];
}

function turnEntries(turn: TurnRecord): readonly Entry[] {
  const calls = storedCalls(turn.messages);
  const entries = turn.messages.flatMap((message) => [
    ...messageEntries(message),
    ...(calls.get(message) ?? []).map(callEntry),
  ]);
  switch (turn.status) {
    case "completed":
      return entries;
    case "cancelled":
      return [...entries, noticeEntry(safe`stopped`, "skipped")];
    case "failed":
      return [...entries, noticeEntry(safeText(turn.error ?? "failed"), "failed")];
    case "dropped":
      return [];
    case "unfinished": {
      const what =
        turn.messages.length > 1
          ? safe`cut here: the program ended in the middle of the answer`
          : safe`unfinished: the program ended before the answer`;
      return [...entries, noticeEntry(what, "skipped")];
    }
  }
}

function callEntry(call: EndedCall): Entry {
  return ({ width, theme }) => endedCallLines(call, width, theme);
}
