/**
 * Chat completions: `messages` in, one message out.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat
 */

import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import { cancelReply } from "../reply/cancel-reply.ts";
import { followReply } from "../reply/follow-reply.ts";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { readReply } from "../reply/read-reply.ts";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import { placeOf, placeText } from "../reply/reply-place.ts";
import { jsonResponse } from "../web/json-response.ts";
import type { DoorCall } from "../words/door.ts";
import { type BegunReply, beginReply } from "./begin-reply.ts";
import { type CompletionHead, chunkObject, completionObject, usageChunk } from "./completion-object.ts";
import { dataStream } from "./data-stream.ts";
import { failed } from "./failed.ts";
import { markedPlace } from "./question-mark.ts";
import { replyFailure } from "./reply-failure.ts";
import { flagIn, messagesIn, modelOf, textIn } from "./request-body.ts";
import { type SpokenPiece, spokenReply } from "./spoken-reply.ts";

const PREFIX = "chatcmpl-";
/** Said where words that were streamed do not count any more: they cannot be taken back. */
const CUT = "\n\n[What stands above was cut; this is said anew.]\n\n";

/** Answers `POST /v1/chat/completions`. */
export async function createCompletion(call: DoorCall, body: JsonObject): Promise<Response> {
  const model = modelOf(call, body);
  const messages = messagesIn(body, "messages");
  const isStreamed = flagIn(body, "stream");
  const { metadata, stream_options: stream } = body;
  const session = isObject(metadata) ? textIn(metadata, "session") : undefined;
  const previous = markedPlace(messages);
  const begun = await beginReply(call, {
    model,
    messages,
    ...(previous && { previous }),
    ...(session && { session }),
  });
  const head: CompletionHead = {
    id: PREFIX + placeText(begun.place),
    created: Math.floor(call.clock.now() / 1000),
    model: model.id,
  };
  const pieces = await spoken(call, begun);
  if (!isStreamed) return wholeCompletion(head, pieces);
  const withUsage = isObject(stream) && stream["include_usage"] === true;
  return dataStream(call, chunks(head, pieces, withUsage));
}

async function spoken(
  call: DoorCall,
  begun: BegunReply,
): Promise<AsyncGenerator<SpokenPiece, void, undefined>> {
  const events = await followReply(call, begun.place, call.signal);
  return spokenReply(readReply(events, begun.place.from), begun);
}

async function wholeCompletion(head: CompletionHead, pieces: AsyncIterable<SpokenPiece>): Promise<Response> {
  let text = "";
  let reasoning = "";
  let end: ReplyEnd | undefined;
  for await (const piece of pieces) {
    if (piece.type === "answer") text += piece.text;
    else if (piece.type === "reasoning") reasoning += piece.text;
    else if (piece.type === "cut") text = "";
    else end = piece;
  }
  const failure = end && replyFailure(end);
  if (failure !== undefined) return failed(failure, 500);
  return jsonResponse(completionObject(head, { text, reasoning, ...(end?.usage && { usage: end.usage }) }));
}

async function* chunks(
  head: CompletionHead,
  pieces: AsyncIterable<SpokenPiece>,
  withUsage: boolean,
): AsyncGenerator<unknown, void, undefined> {
  yield chunkObject(head, { role: "assistant", content: "", refusal: null });
  for await (const piece of pieces) {
    if (piece.type === "answer") yield chunkObject(head, { content: piece.text });
    else if (piece.type === "reasoning") yield chunkObject(head, { reasoning_content: piece.text });
    else if (piece.type === "cut") yield chunkObject(head, { content: CUT });
    else {
      const failure = replyFailure(piece);
      if (failure !== undefined) return yield { error: failure };
      yield chunkObject(head, {}, "stop");
      if (withUsage) yield usageChunk(head, piece.usage);
    }
  }
  yield "[DONE]";
}

/** Answers `POST /v1/chat/completions/{id}/cancel`, which is our own: these APIs have no other way to stop a completion. */
export async function cancelCompletion(call: DoorCall, id: string): Promise<Response> {
  const place = id.startsWith(PREFIX) ? placeOf(id.slice(PREFIX.length)) : undefined;
  if (place === undefined) throw new ServerUnknownError({ what: "completion", id });
  await cancelReply(call, place);
  return jsonResponse({ id, object: "chat.completion.cancelled", cancelled: true });
}
