/** The whole life of a turn, from its start to what it ends as. */
import { textOf } from "@orch/agents";
import type { TurnContext } from "../configurations/runtime-configuration.ts";
import { type Answer, answerWithin } from "../turn/answer-within.ts";
import type { LiveTurn } from "../turn/live-turn.ts";
import { placedSummary, summaryIn } from "../turn/summary-place.ts";
import { endingOf, recordOf, type TurnEnding } from "../turn/turn-ending.ts";
import type { SetRuntimeOptions } from "./chat-runtime-options.ts";
import { Drafts } from "./drafts.ts";
import type { KeptSession } from "./kept-session.ts";

/** Where a turn is kept. */
export interface TurnPlace {
  readonly kept: KeptSession;
  /** Whether what was said is kept while the turn goes on. */
  readonly drafts: boolean;
}

/** Answers a turn, and keeps it. It never rejects: each failure becomes the turn's one end. */
export async function liveThrough(
  live: LiveTurn,
  { kept, drafts: isDrafted }: TurnPlace,
  options: SetRuntimeOptions,
): Promise<TurnEnding> {
  const { clock } = options;
  live.start();
  try {
    await kept.open();
    await kept.begin(live);
    const drafts = new Drafts(live, isDrafted ? kept : undefined, clock);
    // Not by `await using`: the bundler makes an import of a package of it, which nobody has installed.
    const answer = await answerOf(live, kept, options).finally(() => {
      live.seal();
      return drafts.stop();
    });
    const ending = endingOf(live, answer);
    await kept.finish(kept.withSummary(recordOf(live, ending, clock.now()), live.summary));
    return ending;
  } catch (error) {
    live.seal();
    return { status: "failed", error };
  }
}

async function answerOf(live: LiveTurn, kept: KeptSession, options: SetRuntimeOptions): Promise<Answer> {
  if (live.cancelReason !== undefined || live.isSuspended) return { type: "abandoned" };
  const { id, message } = live;
  const turn = { id, history: kept.historyBefore(id), message, text: textOf(message) };
  const context = { ...live.context, ...summariesOf(live, kept) };
  return answerWithin(live.configuration, turn, context, options.clock, options.cancelGrace);
}

/** The summary that is known of the history, and the way to keep a longer one with the turn. */
function summariesOf(live: LiveTurn, kept: KeptSession): Pick<TurnContext, "summary" | "keepSummary"> {
  // Another turn may end before this one, and stand before it.
  const turns = kept.turnsBefore(live.id);
  let known = summaryIn(kept.turnsBefore(live.id, 1));
  return {
    summary: () => known,
    keepSummary: (written) => {
      known = written;
      live.summarized(placedSummary(turns, written));
    },
  };
}
