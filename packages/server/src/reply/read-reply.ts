import type { PublicEvent } from "../words/public-event.ts";
import type { ReplyEnd, ReplyPiece } from "./reply-piece.ts";
import { ReplyReader } from "./reply-reader.ts";

/**
 * The pieces of the reply after the event with the number `from`. The events are read from the first one on; the last piece is
 * an end. A run that is tried again goes on after its end, so an end counts when nothing follows it.
 */
export async function* readReply(
  events: AsyncIterable<PublicEvent> | Iterable<PublicEvent>,
  from: number,
): AsyncGenerator<ReplyPiece | ReplyEnd, void, undefined> {
  const reader = new ReplyReader(from);
  let end: ReplyEnd | undefined;
  for await (const event of events) {
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
