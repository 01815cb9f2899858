/** What a server goes on with when it starts: the runs and the turns that earlier processes left. */
import type { SessionStore } from "@orch/chat-runtime";
import { leftTurns } from "../conversations/left-turns.ts";
import type { ScopedConversations } from "../conversations/scoped-conversations.ts";
import { chatOf } from "../conversations/served-chat.ts";
import type { DrivenRuns, ServedHost } from "../runs/driven-runs.ts";
import { principalOf, principalScope } from "../runs/principal-scope.ts";
import type { Principal } from "../words/principal.ts";

/** What was taken up, and what could not be. */
export interface TakenUp {
  /** How many runs of orchestrations go on. */
  readonly runs: number;
  /** How many turns of conversations go on. */
  readonly turns: number;
  readonly problems: readonly unknown[];
}

/** What taking up needs. */
export interface TakeUpParts {
  readonly host: ServedHost;
  readonly store: SessionStore;
  readonly chats: { readonly [name: string]: unknown };
  readonly driven: DrivenRuns;
  readonly conversations: (principal: Principal | undefined) => ScopedConversations;
  /** Whether the server has just started: then the newest sessions are looked at too. */
  readonly isFirst: boolean;
}

/** Takes up all that is unfinished and that no process goes on with. */
export async function takeUp(parts: TakeUpParts): Promise<TakenUp> {
  const { host, store, chats, driven, conversations, isFirst } = parts;
  const open = { status: ["running", "waiting"] as const, limit: Number.MAX_SAFE_INTEGER };
  const runs = await host.list(open);
  const left = await leftTurns(
    store,
    runs.map(({ runId }) => runId),
    isFirst,
  );
  const problems: unknown[] = [];
  let turns = 0;
  for (const { sessionId, turn } of left.turns) {
    const chat = chatOf(turn);
    const principal = principalOf(sessionId);
    const session = principalScope(principal).outside(sessionId);
    // Another program began it, or the chat is public no more.
    if (chat === undefined || session === undefined || !Object.hasOwn(chats, chat)) continue;
    try {
      if (await conversations(principal).takeUp(chat, session, turn)) turns += 1;
    } catch (error) {
      problems.push(error);
    }
  }
  const taken = await driven.takeUpAll(runs.filter(({ runId }) => !left.runs.has(runId)));
  return { runs: taken.runs, turns, problems: [...problems, ...taken.problems] };
}
