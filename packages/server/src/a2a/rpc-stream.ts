import { type RpcId, replyFrame } from "../reply/json-rpc.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import type { DoorCall } from "../words/door.ts";

/** Sends results as the protocol does: each as the data of an event, as a reply to the same request. */
export function rpcStream(
  { clock, limits }: DoorCall,
  id: RpcId,
  first: readonly object[],
  more?: AsyncIterable<object>,
): Response {
  return eventStream(eventsOf(id, first, more), { clock, ...limits });
}

async function* eventsOf(
  id: RpcId,
  first: readonly object[],
  more: AsyncIterable<object> | undefined,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  for (const result of first) yield { data: JSON.stringify(replyFrame(id, { result })) };
  if (more === undefined) return;
  for await (const result of more) yield { data: JSON.stringify(replyFrame(id, { result })) };
}
