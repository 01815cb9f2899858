import type { DoorCall } from "../words/door.ts";
import { readReply } from "./read-reply.ts";
import type { ReplyEnd, ReplyPiece } from "./reply-piece.ts";
import type { ReplyPlace } from "./reply-place.ts";

/** The pieces of a reply that are there now; without an end, it goes on. */
export async function replySoFar(
  { runs, conversations }: Pick<DoorCall, "runs" | "conversations">,
  place: ReplyPlace,
): Promise<readonly (ReplyPiece | ReplyEnd)[]> {
  const all = { limit: Number.MAX_SAFE_INTEGER };
  const events =
    place.kind === "run"
      ? await runs.happened(place.run, all)
      : await conversations.happened(place.chat, place.session, place.turn, all);
  const told: (ReplyPiece | ReplyEnd)[] = [];
  for await (const piece of readReply(events, place.from)) told.push(piece);
  return told.filter((piece) => piece.type !== "end" || piece.status !== "parked");
}
