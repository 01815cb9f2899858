/** The orchestration that is measured: it says a text at the pace of a model. */
import { setTimeout as wait } from "node:timers/promises";
import { type Orchestration, orchestration, runnable, speech } from "@orch/core";

/** How a text is said. */
export interface Talk {
  /** Milliseconds until the first piece. */
  readonly first: number;
  /** How many pieces there are. */
  readonly pieces: number;
  /** Milliseconds from a piece to the next; 0 says them at once. */
  readonly pace: number;
}

/** As a model that people wait for: 50 pieces in about a second. */
export const LIKE_A_MODEL: Talk = { first: 200, pieces: 50, pace: 20 };
/** As fast as it goes: what is measured is everything around it. */
export const AT_ONCE: Talk = { first: 0, pieces: 10, pace: 0 };

const PIECE = "a few words ";

/** Says it, and gives the whole text. */
export const talk: Orchestration<Talk, string> = orchestration("talk", (o) => {
  const say = runnable("say", async ({ first, pieces, pace }: Talk, ctx) => {
    if (first > 0) await wait(first);
    for (let piece = 0; piece < pieces; piece++) {
      if (piece > 0 && pace > 0) await wait(pace);
      ctx.emit(speech, PIECE);
    }
    return PIECE.repeat(pieces);
  });
  return o.start(say).finish(say);
});
