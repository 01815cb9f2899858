/** A turn as the caller of `send` sees it. */
import type { UserMessage } from "@orch/agents";
import type { TurnReply } from "../configurations/runtime-configuration.ts";
import type { ChatEvent } from "./chat-event.ts";
import type { LiveTurn } from "./live-turn.ts";

/** A turn on its way: its events, its reply, and the way to stop it. */
export interface TurnStream extends AsyncIterable<ChatEvent> {
  readonly id: string;
  /** The message that is being answered. */
  readonly message: UserMessage;
  /** Rejects when the turn failed or was cancelled; it need not be awaited. */
  readonly reply: Promise<TurnReply>;
  /** Stops the turn; resolves when it has ended, and does nothing after that. */
  readonly cancel: (reason?: string) => Promise<void>;
  /**
   * Answers a question of the run underneath, by the id from its event `question.asked`. Without an
   * answer such a turn waits until it is cancelled.
   *
   * Rejects with `ORCH_TURN_QUESTION` when nothing asks, and with `ORCH_INVALID_ANSWER`, `ORCH_UNKNOWN_QUESTION`,
   * `ORCH_ALREADY_ANSWERED` or `ORCH_QUESTION_CLOSED` when the run does not take it; the answer then changed nothing.
   */
  readonly answer: (question: string, value: unknown) => Promise<void>;
  /**
   * Takes the events that came since the last call, without waiting for more: for a screen that draws by its own clock.
   * Drain the turn or iterate over it; each is a reader of its own, and the first one gets the events from the beginning.
   */
  readonly drain: () => readonly ChatEvent[];
}

/** A live turn as its caller sees it. */
export function turnStreamOf(live: LiveTurn): TurnStream {
  return {
    id: live.id,
    message: live.message,
    reply: live.reply,
    cancel: (reason) => live.stop(reason),
    answer: (question, value) => live.answer(question, value),
    drain: () => live.events.drain(),
    [Symbol.asyncIterator]: () => live.events[Symbol.asyncIterator](),
  };
}
