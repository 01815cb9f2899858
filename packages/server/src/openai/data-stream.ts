import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import type { DoorCall } from "../words/door.ts";

/** Sends values as the APIs do: each as the data of an event, named by its `type` where it has one. */
export function dataStream({ clock, limits }: DoorCall, values: AsyncIterable<unknown>): Response {
  return eventStream(eventsOf(values), { clock, ...limits });
}

async function* eventsOf(values: AsyncIterable<unknown>): AsyncGenerator<ServerSentEvent, void, undefined> {
  for await (const value of values) {
    if (typeof value === "string") yield { data: value };
    else {
      const { type } = value as { readonly type?: unknown };
      yield { data: JSON.stringify(value), ...(typeof type === "string" && { event: type }) };
    }
  }
}
