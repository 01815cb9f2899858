import type { DoorCall } from "../words/door.ts";
import { followReply } from "./follow-reply.ts";
import type { ReplyPlace } from "./reply-place.ts";

/**
 * The number of the event that tells of the last of these answers. A question that was closed has none: then it is the
 * number of the last event of the run.
 */
export async function answeredAt(
  call: DoorCall,
  place: ReplyPlace,
  answered: readonly string[],
): Promise<number> {
  const open = new Set(answered);
  let last = place.from;
  const reading = new AbortController();
  const signal = AbortSignal.any([reading.signal, call.signal]);
  try {
    for await (const event of await followReply(call, place, signal)) {
      last = Math.max(last, event.number);
      if (event.type !== "question.answered" || event.number <= place.from) continue;
      open.delete(event.question);
      if (open.size === 0) return event.number;
    }
  } finally {
    reading.abort();
  }
  return last;
}
