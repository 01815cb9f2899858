import type { Clock } from "@orch/core";
import type { ReplyEnd, ReplyPiece } from "./reply-piece.ts";

/** How long nothing may come before a reply counts as one that goes on, in milliseconds. */
const QUIET = 500;

/** The pieces of a reply that are there now. A reply that goes on is read until nothing more comes for a moment. */
export async function replySoFar(
  pieces: AsyncGenerator<ReplyPiece | ReplyEnd, void, undefined>,
  clock: Clock,
  stop: () => void,
): Promise<readonly (ReplyPiece | ReplyEnd)[]> {
  const told: (ReplyPiece | ReplyEnd)[] = [];
  for (;;) {
    const quiet = Promise.withResolvers<undefined>();
    const end = clock.after(QUIET, () => quiet.resolve(undefined));
    const next = await Promise.race([pieces.next(), quiet.promise]);
    end();
    if (next === undefined) {
      stop();
      return told;
    }
    if (next.done === true) return told;
    told.push(next.value);
  }
}
