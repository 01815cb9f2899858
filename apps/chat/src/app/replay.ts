/** An earlier conversation, shown again: its last messages, and how its last turn ended. */
import { textOf } from "@orch/agents";
import type { Session, TurnRecord } from "@orch/chat-runtime";
import { endedCallLines } from "../rail/call-row.ts";
import { type EndedCall, rowsBeforeText, storedCalls } from "../rail/tool-calls.ts";
import { shownTitle } from "../sessions/shown-title.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { EMPTY_LINE, type Entry, messageEntries, noticeEntry } from "../transcript/entry.ts";

/** Messages that are shown. */
const MAX_MESSAGES = 20;

/** Said under a turn without an answer. */
export const APART: Entry = noticeEntry(
  safe`This message stays apart from the conversation: /retry tries it again, /undo drops it.`,
);

/** Draws the end of a session. `begins` is told the index of its first turn that is drawn; `isHeld`: another process writes it. */
export function replayEntries(
  session: Session,
  begins: (earlier: number) => void = () => undefined,
  isHeld = false,
): readonly Entry[] {
  const title = session.title === "" ? safe`a copy without messages` : shownTitle(session.title);
  const turns: TurnRecord[] = [];
  let shown = 0;
  const kept = session.turns.filter(({ status }) => status !== "dropped");
  for (const turn of kept.toReversed()) {
    if (shown >= MAX_MESSAGES) break;
    turns.unshift(turn);
    shown += turn.messages.filter(({ role }) => role !== "tool").length;
  }
  const first = turns[0];
  const from = first === undefined ? 0 : (session.earlier ?? 0) + session.turns.indexOf(first);
  begins(from);
  const head =
    from > 0
      ? safe`${title} (${from} earlier ${from === 1 ? safe`turn is` : safe`turns are`} kept, not shown: /earlier shows them)`
      : title;
  const drawn = turns.flatMap((turn) => turnEntries(turn, isHeld && turn === kept.at(-1)));
  return [EMPTY_LINE, noticeEntry(safe`Going on with: ${head}`), ...drawn];
}

/** Draws one turn. `isHeld`: another process has it, and may be answering it just now. */
export function turnEntries(turn: TurnRecord, isHeld = false): readonly Entry[] {
  const calls = storedCalls(turn.messages);
  const entries = turn.messages.flatMap((message) => {
    const rows = (calls.get(message) ?? []).map(callEntry);
    const above = message.role === "assistant" ? rowsBeforeText(message) : 0;
    const below = rows.slice(above);
    const gap = below.length > 0 && textOf(message).trim() !== "" ? [EMPTY_LINE] : [];
    return [...rows.slice(0, above), ...messageEntries(message), ...gap, ...below];
  });
  const spoke = turn.messages.some(
    (message) => message.role === "assistant" && textOf(message).trim() !== "",
  );
  // As while it was written: below text an end has a line of its own.
  const ended = (entry: Entry): readonly Entry[] => [...entries, ...(spoke ? [EMPTY_LINE] : []), entry];
  switch (turn.status) {
    case "completed":
      return entries;
    case "cancelled":
      return ended(noticeEntry(safe`stopped`, "skipped"));
    case "failed":
      return ended(noticeEntry(safeText(turn.error ?? "failed"), "failed"));
    case "dropped":
      return [];
    case "unfinished": {
      if (isHeld)
        return ended(noticeEntry(spoke ? safe`the answer has no end yet` : safe`no answer yet`, "waiting"));
      const what =
        turn.messages.length > 1
          ? safe`cut here: the program ended in the middle of the answer`
          : safe`unfinished: the program ended before the answer`;
      return ended(noticeEntry(what, "skipped"));
    }
  }
}

function callEntry(call: EndedCall): Entry {
  return ({ width, theme }) => endedCallLines(call, width, theme);
}

/** Draws turns that came before those that are shown; the first one has the index `from`. */
export function earlierEntries(turns: readonly TurnRecord[], from: number): readonly Entry[] {
  const head = safe`Messages ${from + 1} to ${from + turns.length}, which came before:`;
  const end = safe`Until here, and then what was shown above.`;
  return [
    EMPTY_LINE,
    noticeEntry(head),
    ...turns.filter(({ status }) => status !== "dropped").flatMap((turn) => turnEntries(turn)),
    noticeEntry(end),
  ];
}
