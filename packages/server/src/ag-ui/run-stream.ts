/** A run of AG-UI on its way: the events of a turn or a run, translated as they come. */
import type { Narration } from "../reply/narration.ts";
import { eventStream, type ServerSentEvent } from "../web/event-stream.ts";
import { problemOf } from "../web/problem-response.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { AgUiEvent, AgUiMessage } from "./ag-ui-event.ts";
import { type KnownRun, NOTHING_KNOWN } from "./known-run.ts";
import type { RunInput } from "./run-input.ts";
import { RunTranslation } from "./run-translation.ts";

/** Where a reader begins. */
export interface ReadFrom {
  /** What it has. Without it everything is told from the beginning. */
  readonly known?: KnownRun | undefined;
  /** The messages that it has to have before. */
  readonly messages?: readonly AgUiMessage[];
}

/** Answers with a turn or a run, from where the reader is. Rejects when there is none. */
export async function runStream(
  call: DoorCall,
  narration: Narration,
  input: RunInput,
  from: ReadFrom = {},
): Promise<Response> {
  const events = await narration.follow(from.known?.state?.after);
  return agUiStream(call, told(narration, events, input, from));
}

/** Answers with events of the protocol. */
export function agUiStream({ clock, limits }: DoorCall, events: AsyncIterable<AgUiEvent>): Response {
  const { keepAlive, waiting } = limits;
  return eventStream(messagesOf(events), { clock, keepAlive, waiting });
}

/** The events up to the end, or to questions on which everything waits. */
async function* told(
  narration: Narration,
  events: AsyncIterable<PublicEvent>,
  input: RunInput,
  { known = NOTHING_KNOWN, messages }: ReadFrom,
): AsyncGenerator<AgUiEvent, void, undefined> {
  const translation = new RunTranslation(narration, input, known);
  yield* translation.start(input.state);
  if (messages !== undefined) yield { type: "MESSAGES_SNAPSHOT", messages };
  let isOver = false;
  try {
    for await (const event of events) {
      for (const next of translation.take(event)) {
        isOver ||= next.type === "RUN_FINISHED" || next.type === "RUN_ERROR";
        yield next;
      }
      // Nothing may follow the end of a run.
      if (isOver) return;
      if (event.type !== "run.waiting" || !(await narration.waits(event.questions))) continue;
      yield* translation.wait();
      return;
    }
  } catch (error) {
    if (isOver) return;
    const { code, title } = problemOf(error);
    yield* translation.fail({ code, message: title });
    return;
  }
  yield* translation.leave();
}

async function* messagesOf(
  events: AsyncIterable<AgUiEvent>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  for await (const event of events) yield { data: JSON.stringify(event) };
}
