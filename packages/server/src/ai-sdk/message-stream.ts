/** A message on its way: the events of a turn or a run, translated as they come. */

import type { Narration } from "../reply/narration.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import { problemOf } from "../web/problem-response.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { type KnownMessage, MessageTranslation } from "./message-translation.ts";
import type { UiChunk } from "./ui-chunk.ts";

/** Answers with the message of a turn or a run, from where the reader is. Rejects when there is none. */
export async function messageStream(
  call: DoorCall,
  narration: Narration,
  known?: KnownMessage,
): Promise<Response> {
  const { clock, limits } = call;
  const events = await narration.follow(known?.after);
  return eventStream(eventsOf(chunksOf(narration, events, known)), {
    clock,
    keepAlive: limits.keepAlive,
    waiting: limits.waiting,
    headers: { "x-vercel-ai-ui-message-stream": "v1" },
  });
}

/** The pieces of the message, up to its end, or to a question on which everything waits. */
async function* chunksOf(
  narration: Narration,
  events: AsyncIterable<PublicEvent>,
  known: KnownMessage | undefined,
): AsyncGenerator<UiChunk, void, undefined> {
  const translation = new MessageTranslation(narration, known);
  yield* translation.start();
  try {
    for await (const event of events) {
      yield* translation.take(event);
      if (event.type !== "run.waiting" || !(await narration.waits(event.questions))) continue;
      yield* translation.wait();
      return;
    }
  } catch (error) {
    yield* translation.fail(problemOf(error).title);
  }
}

async function* eventsOf(chunks: AsyncIterable<UiChunk>): AsyncGenerator<ServerSentEvent, void, undefined> {
  for await (const chunk of chunks) yield { data: JSON.stringify(chunk) };
  yield { data: "[DONE]" };
}
