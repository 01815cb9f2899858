/** The answer of a turn for a caller that waits for nothing else. */
import type { AssistantMessage } from "@orch/agents";
import { TurnUnansweredError } from "../errors/turn-unanswered-error.ts";
import type { TurnStream } from "./turn-stream.ts";

/**
 * Waits for the answer of a turn. When the run underneath waits for an answer to a question and `isHeard` says that nobody
 * listens, the turn is cancelled.
 */
export async function replyTo(turn: TurnStream, isHeard: () => boolean): Promise<AssistantMessage> {
  const prompts = new Map<string, unknown>();
  let unanswered: TurnUnansweredError | undefined;
  for await (const event of turn) {
    if (event.type === "question.asked") prompts.set(event.question, event.prompt);
    if (event.type !== "run.waiting" || isHeard()) continue;
    const [question] = event.questions;
    // A signal may come from any process.
    if (question === undefined) continue;
    unanswered ??= new TurnUnansweredError({ turnId: turn.id, question, prompt: prompts.get(question) });
    void turn.cancel("nobody can be asked");
  }
  try {
    return (await turn.reply).message;
  } catch (error) {
    throw unanswered ?? error;
  }
}
