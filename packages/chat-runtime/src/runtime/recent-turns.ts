/** The newest turns of a session: what a long one costs to open and to go on with follows what is sent, and not what is kept. */
import { estimateTokens } from "@orch/agents/compaction";
import { conversationOf } from "../session/conversation-of.ts";
import type { Session, SessionStore } from "../session/session-store.ts";

/** How much of a session is read. */
export interface RecentTurns {
  /** At least this many of its newest turns. */
  readonly turns: number;
  /** And so many that their messages have about this many tokens; a function is asked again before each message. */
  readonly tokens: number | (() => number);
}

/** Turns that are read at once while there are too few. */
const STEP = 50;

/** A session with turns enough, of which some may be read already. */
export async function topUp(
  store: SessionStore,
  session: Session,
  { tokens }: RecentTurns,
): Promise<Session> {
  const wanted = typeof tokens === "number" ? tokens : tokens();
  let { turns, earlier = 0 } = session;
  let have = tokensIn(turns);
  while (earlier > 0 && have < wanted) {
    const before = await store.load(session.id, { last: STEP, before: earlier });
    // Removed by somebody: the next writing says so.
    if (before === undefined || before.turns.length === 0) break;
    have += tokensIn(before.turns);
    turns = [...before.turns, ...turns];
    earlier = before.earlier ?? 0;
  }
  if (turns === session.turns) return session;
  const { earlier: _, ...rest } = session;
  return { ...rest, turns, ...(earlier > 0 && { earlier }) };
}

function tokensIn(turns: Session["turns"]): number {
  return conversationOf(turns).reduce((sum, message) => sum + estimateTokens(message), 0);
}
