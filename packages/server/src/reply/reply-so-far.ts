import type { Clock } from "@orch/core";
import type { DoorCall } from "../words/door.ts";
import { followReply } from "./follow-reply.ts";
import { readReply } from "./read-reply.ts";
import type { ReplyEnd, ReplyPiece } from "./reply-piece.ts";
import type { ReplyPlace } from "./reply-place.ts";

/** How long nothing may come before a turn counts as one that goes on, in milliseconds. */
const QUIET = 500;

type Piece = ReplyPiece | ReplyEnd;

/** The pieces of a reply that are there now; without an end, it goes on. */
export async function replySoFar(call: DoorCall, place: ReplyPlace): Promise<readonly Piece[]> {
  if (place.kind === "turn") return turnSoFar(call, place);
  const events = await call.runs.happened(place.run, { limit: Number.MAX_SAFE_INTEGER });
  const told: Piece[] = [];
  for await (const piece of readReply(events, place.from)) told.push(piece);
  return told.filter((piece) => piece.type !== "end" || piece.status !== "parked");
}

/** A turn that goes on is read until nothing more comes for a moment. */
async function turnSoFar(call: DoorCall, place: ReplyPlace): Promise<readonly Piece[]> {
  const reading = new AbortController();
  const events = await followReply(call, place, AbortSignal.any([call.signal, reading.signal]));
  const pieces = readReply(events, place.from);
  const told: Piece[] = [];
  try {
    for (;;) {
      const next = await soon(pieces.next(), call.clock);
      if (next === undefined || next.done === true) return told;
      told.push(next.value);
    }
  } finally {
    reading.abort();
  }
}

async function soon<TValue>(promise: Promise<TValue>, clock: Clock): Promise<TValue | undefined> {
  const quiet = Promise.withResolvers<undefined>();
  const stop = clock.after(QUIET, () => quiet.resolve(undefined));
  try {
    return await Promise.race([promise, quiet.promise]);
  } finally {
    stop();
  }
}
