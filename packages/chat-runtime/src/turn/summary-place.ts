/** Where a summary of a conversation's beginning stands: among the turns that are kept, and among the messages that were read. */
import type { HistorySummary } from "../configurations/history-summary.ts";
import { conversationOf, isPart } from "../session/conversation-of.ts";
import type { TurnRecord } from "../session/session-store.ts";
import type { TurnSummary } from "../session/turn-summary.ts";

/** The newest summary that holds for the conversation of these turns. */
export function summaryIn(turns: readonly TurnRecord[]): HistorySummary | undefined {
  for (const { summary, startedAt } of turns.toReversed()) {
    const found = summary && fitted(turns, summary, startedAt);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fitted(
  turns: readonly TurnRecord[],
  { text, turnId, messages, count }: TurnSummary,
  writtenAt: number,
): HistorySummary | undefined {
  const at = turns.findIndex(({ id }) => id === turnId);
  const turn = turns[at];
  if (turn === undefined || conversationOf([turn]).length < messages) return undefined;
  // An answer that came later, to a turn of the background perhaps, is not summed up in it.
  const isOlder = (one: TurnRecord): boolean => !isPart(one) || (one.endedAt ?? one.startedAt) <= writtenAt;
  if (!turns.slice(0, at + 1).every(isOlder)) return undefined;
  const covers = conversationOf(turns.slice(0, at)).length + messages;
  return { text, covers, earlier: Math.max(0, count - covers) };
}

/** The same with its place in these turns, to be kept. */
export function placedSummary(
  turns: readonly TurnRecord[],
  { text, covers, earlier }: HistorySummary,
): TurnSummary | undefined {
  let before = 0;
  for (const turn of turns) {
    const { length } = conversationOf([turn]);
    if (length > 0 && covers <= before + length)
      return { text, turnId: turn.id, messages: covers - before, count: earlier + covers };
    before += length;
  }
  return undefined;
}
