/** A client that comes back to a thread: what was said in it, and what goes on, from its beginning. */
import { kindOf, openNarration, runOf } from "../reply/narration.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicTurn } from "../words/public-conversation.ts";
import type { AgUiEvent, AgUiMessage } from "./ag-ui-event.ts";
import { asidesBefore, messagesBefore } from "./known-run.ts";
import type { RunInput } from "./run-input.ts";
import { agUiStream, runStream } from "./run-stream.ts";

/** Answers with the thread. @throws ServerUnknownError (404) for one that is not there. */
export async function connect(call: DoorCall, name: string, input: RunInput): Promise<Response> {
  if (kindOf(call, name) === "orchestration") {
    const narration = await runOf(call, name, input.thread);
    return runStream(call, narration, input, { messages: messagesBefore(input.messages, narration.id) });
  }
  const { history } = await call.conversations.history(name, input.thread);
  const kept = history.flatMap(messagesOf);
  const narration = await openNarration(call, name, input.thread);
  if (narration === undefined) return agUiStream(call, told(input, kept));
  const messages = [...kept, ...asidesBefore(input.messages, narration.id)];
  return runStream(call, narration, input, { messages });
}

/** The messages of a conversation in which nothing goes on. */
async function* told(
  { thread: threadId, run: runId }: RunInput,
  messages: readonly AgUiMessage[],
): AsyncGenerator<AgUiEvent, void, undefined> {
  yield { type: "RUN_STARTED", threadId, runId, protocolVersion: "1.0" };
  yield { type: "MESSAGES_SNAPSHOT", messages };
  yield { type: "RUN_FINISHED", threadId, runId, outcome: { type: "success" } };
}

/** A turn as it was kept. The answer of one that goes on comes from its stream. */
function messagesOf({ turn, status, message, answer = "" }: PublicTurn): AgUiMessage[] {
  const asked = { id: `${turn}:message`, role: "user", content: message };
  const isOpen = status === "answering" || status === "unfinished" || status === "dropped";
  return isOpen || answer === ""
    ? [asked]
    : [asked, { id: `${turn}/answer`, role: "assistant", content: answer }];
}
