/** Messages of the server, as JSON-RPC. */

import { isObject, type JsonObject } from "../reply/json-object.ts";
import type { ReplyPiece } from "../reply/reply-piece.ts";
import type { ServerSentEvent } from "../web/event-stream.ts";

/** Tells which state began; `undefined` for a client that did not ask for its progress. */
export function progressFrame(
  params: JsonObject,
  progress: number,
  { state }: Extract<ReplyPiece, { type: "state" }>,
): object | undefined {
  const token = isObject(params["_meta"]) ? params["_meta"]["progressToken"] : undefined;
  if (typeof token !== "string" && typeof token !== "number") return undefined;
  const told = { progressToken: token, progress, message: state };
  return { jsonrpc: "2.0", method: "notifications/progress", params: told };
}

/** A message as an event of a stream. */
export function eventOf(frame: object, id?: string): ServerSentEvent {
  return { event: "message", data: JSON.stringify(frame), ...(id !== undefined && { id }) };
}
