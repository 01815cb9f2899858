/** What a call tells: the pieces of its reply, and between them lines of a log. */
import type { ReplyEnd, ReplyPiece } from "../reply/reply-piece.ts";
import { ReplyReader } from "../reply/reply-reader.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { type LogLevel, logFrame } from "./log-lines.ts";

/** One piece. */
export type CallPiece = ReplyPiece | ReplyEnd | { readonly type: "line"; readonly frame: object };

/**
 * Reads a call from the event with the number `from` on, as `readReply` does. A run that is tried again goes on after its end,
 * so an end counts when nothing follows it.
 */
export async function* readCall(
  events: AsyncIterable<PublicEvent>,
  from: number,
  log?: { readonly level: LogLevel; readonly logger: string },
): AsyncGenerator<CallPiece, void, undefined> {
  const reader = new ReplyReader(from);
  let end: ReplyEnd | undefined;
  for await (const event of events) {
    const frame =
      log === undefined || event.number <= from ? undefined : logFrame(event, log.logger, log.level);
    if (frame !== undefined) yield { type: "line", frame };
    for (const piece of reader.take(event)) {
      if (piece.type !== "end") {
        end = undefined;
        yield piece;
      } else if (piece.status === "asked") return yield piece;
      else end = piece;
    }
  }
  // Without an end the reading was ended from outside, and what is read goes on.
  yield end ?? { type: "end", status: "parked", number: 0, questions: [] };
}
