import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import type { A2aRequest } from "./a2a-request.ts";

/** Sends results as the protocol does: each as the data of an event, in the frame of its binding. */
export function resultStream(
  { call: { clock, limits }, frame }: Pick<A2aRequest, "call" | "frame">,
  first: readonly object[],
  more?: AsyncIterable<object>,
): Response {
  return eventStream(eventsOf(frame, first, more), { clock, ...limits });
}

async function* eventsOf(
  frame: A2aRequest["frame"],
  first: readonly object[],
  more: AsyncIterable<object> | undefined,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  for (const result of first) yield { data: JSON.stringify(frame(result)) };
  if (more === undefined) return;
  for await (const result of more) yield { data: JSON.stringify(frame(result)) };
}
