/**
 * Responses: a message in, items out, and the next message follows by the id of the response before.
 *
 * Source: https://platform.openai.com/docs/api-reference/responses
 */
import { ServerRequestError } from "../errors/server-request-error.ts";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import { cancelReply } from "../reply/cancel-reply.ts";
import { followReply } from "../reply/follow-reply.ts";
import { isObject, type JsonObject } from "../reply/json-object.ts";
import { readReply } from "../reply/read-reply.ts";
import { placeOf, placeText, type ReplyPlace } from "../reply/reply-place.ts";
import { replySoFar } from "../reply/reply-so-far.ts";
import { jsonResponse } from "../web/json-response.ts";
import type { DoorCall } from "../words/door.ts";
import { type BegunReply, beginReply } from "./begin-reply.ts";
import { CONVERSATION } from "./conversations.ts";
import { dataStream } from "./data-stream.ts";
import { markedPlace } from "./question-mark.ts";
import { flagIn, messagesIn, modelOf, textIn } from "./request-body.ts";
import { ResponseDraft, type ResponseEvent } from "./response-draft.ts";
import type { ResponseHead } from "./response-object.ts";
import { type SpokenPiece, spokenReply } from "./spoken-reply.ts";

const PREFIX = "resp_";

/** Answers `POST /v1/responses`. */
export async function createResponse(call: DoorCall, body: JsonObject): Promise<Response> {
  const model = modelOf(call, body);
  const messages = messagesIn(body, "input");
  const isStreamed = flagIn(body, "stream");
  const background = flagIn(body, "background");
  const id = textIn(body, "previous_response_id");
  const session = sessionIn(body);
  if (id !== undefined && session !== undefined)
    throw new ServerRequestError({ problem: "previous_response_id and conversation were both given" });
  const previous = id === undefined ? markedPlace(messages) : placeOfId(id);
  const begun = await beginReply(call, {
    model,
    messages,
    ...(previous && { previous }),
    ...(session && { session }),
  });
  const head = headOf(call, begun.place, model.id, { background, ...(id !== undefined && { previous: id }) });
  if (background && !isStreamed) return jsonResponse(new ResponseDraft(head).response);
  return answered(call, head, begun, isStreamed, 0);
}

/** Answers `GET /v1/responses/{id}`: as far as it is, or as a stream from its beginning on. */
export async function retrieveResponse(call: DoorCall, id: string): Promise<Response> {
  const place = placeOfId(id);
  const model = await modelOfPlace(call, place);
  const head = headOf(call, place, model, { background: false });
  const { searchParams } = call.url;
  const after = Number(searchParams.get("starting_after") ?? "-1");
  if (!Number.isSafeInteger(after)) throw new ServerRequestError({ problem: "starting_after is no number" });
  if (searchParams.get("stream") === "true") return answered(call, head, { place }, true, after + 1);
  return jsonResponse(await standing(call, head));
}

/** Answers `POST /v1/responses/{id}/cancel`. A response that has ended stays as it is. */
export async function cancelResponse(call: DoorCall, id: string): Promise<Response> {
  const place = placeOfId(id);
  const model = await modelOfPlace(call, place);
  await cancelReply(call, place);
  return jsonResponse(await standing(call, headOf(call, place, model, { background: false })));
}

/** A response as far as it is now. */
async function standing(call: DoorCall, head: ResponseHead): Promise<object> {
  const told = await replySoFar(call, head.place);
  const draft = new ResponseDraft(head);
  for await (const piece of spokenReply(told, { place: head.place })) for (const _ of draft.take(piece));
  return draft.response;
}

/** Streams a response, or gives it when it has ended. Who leaves stops nothing. */
async function answered(
  call: DoorCall,
  head: ResponseHead,
  begun: BegunReply,
  isStreamed: boolean,
  after: number,
): Promise<Response> {
  const events = await followReply(call, begun.place, call.signal);
  const pieces = spokenReply(readReply(events, begun.place.from), begun);
  const draft = new ResponseDraft(head);
  if (isStreamed) return dataStream(call, numbered(draft, pieces, after));
  for await (const piece of pieces) for (const _ of draft.take(piece));
  return jsonResponse(draft.response);
}

/** The events that end a response, and have all of it. */
const ENDS: ReadonlySet<string> = new Set(["response.completed", "response.failed", "response.incomplete"]);

/**
 * Numbers the events, and leaves out those before number `after`. The end is always told: a reading after a restart has
 * fewer pieces of the same text, so the number of a client may be beyond its end.
 */
async function* numbered(
  draft: ResponseDraft,
  pieces: AsyncIterable<SpokenPiece>,
  after: number,
): AsyncGenerator<ResponseEvent, void, undefined> {
  let number = 0;
  const told = function* (events: Iterable<ResponseEvent>): Generator<ResponseEvent, void, undefined> {
    for (const event of events) {
      if (ENDS.has(event.type)) number = Math.max(number, after);
      if (number >= after) yield { ...event, sequence_number: number };
      number++;
    }
  };
  yield* told(draft.begin());
  for await (const piece of pieces) yield* told(draft.take(piece));
}

function headOf(
  call: DoorCall,
  place: ReplyPlace,
  model: string,
  more: Pick<ResponseHead, "background" | "previous">,
): ResponseHead {
  const created = Math.floor(call.clock.now() / 1000);
  const conversation = place.kind === "turn" ? { conversation: CONVERSATION + place.session } : {};
  return { id: PREFIX + placeText(place), created, model, place, ...conversation, ...more };
}

/** @throws ServerUnknownError (`ORCH_SERVER_UNKNOWN`) for an id that this server did not give. */
function placeOfId(id: string): ReplyPlace {
  const place = id.startsWith(PREFIX) ? placeOf(id.slice(PREFIX.length)) : undefined;
  if (place === undefined) throw new ServerUnknownError({ what: "response", id });
  return place;
}

async function modelOfPlace({ runs, conversations }: DoorCall, place: ReplyPlace): Promise<string> {
  if (place.kind === "run") return (await runs.describe(place.run)).orchestration;
  await conversations.history(place.chat, place.session);
  return place.chat;
}

function sessionIn({ conversation }: JsonObject): string | undefined {
  const id = isObject(conversation) ? conversation["id"] : conversation;
  if (id === undefined || id === null) return undefined;
  if (typeof id !== "string" || !id.startsWith(CONVERSATION))
    throw new ServerUnknownError({ what: "conversation", id: String(id) });
  return id.slice(CONVERSATION.length);
}
