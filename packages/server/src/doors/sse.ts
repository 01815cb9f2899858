/**
 * Events as they come, for `EventSource` and anything else that reads `text/event-stream`.
 *
 *     GET <path>/runs/<run>
 *     GET <path>/chats/<chat>/sessions/<session>/turns/<turn>
 *
 * Each message has the id of its event, so that a client that lost the connection goes on where it was: `EventSource` hands it
 * back as `Last-Event-ID`, others may write `?after=`. A stream whose end was seen is answered with 204, which ends an `EventSource`.
 */
import { ServerMethodError } from "../errors/server-method-error.ts";
import { decoded } from "../web/decoded.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import type { Door, DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { EventReading, FollowOptions } from "../words/public-run.ts";

/** How the door is mounted. */
export interface SseOptions {
  /** Default `/sse`. */
  readonly path?: string;
  /** After how many milliseconds a client that lost the connection comes back. Default 1,000. */
  readonly retry?: number;
}

/** Makes the door. */
export function sse({ path = "/sse", retry = 1000 }: SseOptions = {}): Door {
  return { name: "sse", path, handle: (call) => handle(call, retry) };
}

async function handle(call: DoorCall, retry: number): Promise<Response | undefined> {
  const follow = followOf(call);
  if (follow === undefined) return undefined;
  const { request, url, signal, clock, limits } = call;
  if (request.method !== "GET") throw new ServerMethodError({ method: request.method, allowed: ["GET"] });
  const after = request.headers.get("last-event-id") ?? url.searchParams.get("after") ?? undefined;
  const events = await follow({ signal, ...(after && { after }) });
  const { keepAlive, waiting } = limits;
  const writing = { clock, keepAlive, waiting };
  if (after === undefined || !events.isOver) return eventStream(messages(events, retry), writing);
  const first = await events.next();
  if (first.done === true) return new Response(null, { status: 204 });
  return eventStream(messages(events, retry, first.value), writing);
}

/** What the path of a request names. */
function followOf({
  path,
  runs,
  conversations,
}: DoorCall): ((options: FollowOptions) => Promise<EventReading>) | undefined {
  const [, what = "", first = "", ...rest] = path.split("/").map(decoded);
  if (what === "runs" && rest.length === 0) return (options) => runs.follow(first, options);
  const [sessions, session = "", turns, turn = "", ...more] = rest;
  if (what !== "chats" || sessions !== "sessions" || turns !== "turns" || more.length > 0) return undefined;
  return (options) => conversations.follow(first, session, turn, options);
}

async function* messages(
  events: EventReading,
  retry: number,
  before?: PublicEvent,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let isFirst = true;
  const messageOf = (event: PublicEvent): ServerSentEvent => {
    const message = { id: event.id, event: event.type, data: JSON.stringify(event) };
    const told = isFirst ? { ...message, retry } : message;
    isFirst = false;
    return told;
  };
  try {
    if (before !== undefined) yield messageOf(before);
    for await (const event of events) yield messageOf(event);
  } finally {
    await events.return(undefined);
  }
}
