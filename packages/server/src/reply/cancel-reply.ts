import { isOrchError } from "@orch/core";
import type { DoorCall } from "../words/door.ts";
import type { ReplyPlace } from "./reply-place.ts";

/** Stops the run or the turn of a place. One that has ended stays as it is. */
export async function cancelReply({ runs, conversations }: DoorCall, place: ReplyPlace): Promise<void> {
  if (place.kind === "turn") {
    const { answering } = await conversations.history(place.chat, place.session);
    if (answering === place.turn)
      await conversations.cancel(place.chat, place.session, "the client stopped it");
    return;
  }
  try {
    await runs.cancel(place.run, "the client stopped it");
  } catch (error) {
    if (!isOrchError(error, "ORCH_RUN_ENDED")) throw error;
  }
}
