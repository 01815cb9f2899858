import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { ReplyPlace } from "./reply-place.ts";

/** The events of the run or the turn of a place, from the first one on. */
export function followReply(
  { runs, conversations }: Pick<DoorCall, "runs" | "conversations">,
  place: ReplyPlace,
  signal: AbortSignal,
): Promise<AsyncGenerator<PublicEvent, void, undefined>> {
  if (place.kind === "run") return runs.follow(place.run, { signal });
  return conversations.follow(place.chat, place.session, place.turn, { signal });
}
