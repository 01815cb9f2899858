/** The newest turns of a session: what a long one costs to open and to go on with follows what is sent, and not what is kept. */
import { estimateTokens } from "@orch/agents/compaction";
import { conversationOf } from "../session/conversation-of.ts";
import type { Session, SessionStore } from "../session/session-store.ts";

/** How much of a session is read. */
export interface RecentTurns {
  /** How many of its newest turns are read at its opening. */
  readonly turns: number;
  /** Before a message is answered so many are read that they have about this many tokens. A function is asked each time. */
  readonly tokens: number | (() => number);
}

/** Turns that are read at once while there are too few. */
const STEP = 50;

/** The turns before those that were read which are read as well, and how many are before them. */
export async function turnsBefore(
  store: SessionStore,
  { id, turns: read, earlier: left = 0 }: Session,
  { tokens }: RecentTurns,
): Promise<{ readonly turns: Session["turns"]; readonly earlier: number }> {
  const wanted = typeof tokens === "number" ? tokens : tokens();
  let turns: Session["turns"] = [];
  let earlier = left;
  let have = tokensIn(read);
  while (earlier > 0 && have < wanted) {
    const before = await store.load(id, { last: STEP, before: earlier });
    // Removed by somebody: the next writing says so.
    if (before === undefined || before.turns.length === 0) break;
    have += tokensIn(before.turns);
    turns = [...before.turns, ...turns];
    earlier = before.earlier ?? 0;
  }
  return { turns, earlier };
}

function tokensIn(turns: Session["turns"]): number {
  return conversationOf(turns).reduce((sum, message) => sum + estimateTokens(message), 0);
}
