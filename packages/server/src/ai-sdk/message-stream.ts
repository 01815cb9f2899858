/** A message on its way: the events of a turn, translated as they come. */

import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import { problemOf } from "../web/problem-response.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { type KnownMessage, MessageTranslation } from "./message-translation.ts";
import type { UiChunk } from "./ui-chunk.ts";

/** Which turn is told, and what of it the reader has. */
export interface ToldTurn {
  readonly chat: string;
  readonly session: string;
  readonly turn: string;
  readonly known?: KnownMessage;
}

/** Answers with the message of a turn, from where the reader is. Rejects when there is no such turn. */
export async function messageStream(call: DoorCall, told: ToldTurn): Promise<Response> {
  const { conversations, signal, clock, limits } = call;
  const { chat, session, turn, known } = told;
  const after = known?.after;
  const events = await conversations.follow(chat, session, turn, {
    signal,
    ...(after !== undefined && { after }),
  });
  return eventStream(eventsOf(chunksOf(call, told, events)), {
    clock,
    keepAlive: limits.keepAlive,
    waiting: limits.waiting,
    headers: { "x-vercel-ai-ui-message-stream": "v1" },
  });
}

/** The pieces of the message, up to its end, or to a question on which everything waits. */
async function* chunksOf(
  call: DoorCall,
  told: ToldTurn,
  events: AsyncIterable<PublicEvent>,
): AsyncGenerator<UiChunk, void, undefined> {
  const translation = new MessageTranslation(told.turn, told.known);
  yield* translation.start();
  try {
    for await (const event of events) {
      yield* translation.take(event);
      if (event.type !== "run.waiting" || !(await isOpen(call, told, event.questions))) continue;
      yield* translation.wait();
      return;
    }
  } catch (error) {
    yield* translation.fail(problemOf(error).title);
  }
}

/** Whether one of these questions still waits: the event may be an old one, which is told again. */
async function isOpen(
  { conversations }: DoorCall,
  { chat, session }: ToldTurn,
  questions: readonly string[],
): Promise<boolean> {
  if (questions.length === 0) return false;
  const { questions: open } = await conversations.history(chat, session);
  return open.some(({ question }) => questions.includes(question));
}

async function* eventsOf(chunks: AsyncIterable<UiChunk>): AsyncGenerator<ServerSentEvent, void, undefined> {
  for await (const chunk of chunks) yield { data: JSON.stringify(chunk) };
  yield { data: "[DONE]" };
}
