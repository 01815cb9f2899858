/**
 * The conversations of the runs that are on their way. A run that is kept refers to its conversation by the turn's id, so that
 * its journal does not grow with what was said before.
 */
import type { Message } from "@orch/agents";
import { ConversationMissingError } from "../errors/conversation-missing-error.ts";
import type { Turn } from "./runtime-configuration.ts";

/** What a run keeps of its conversation. */
export interface ConversationReference {
  /** The turn's id. */
  readonly turn: string;
  /** How many messages the conversation has, the new one included. */
  readonly messages: number;
}

/** Holds the conversation of each turn from its start to its end. */
export class HeldConversations {
  readonly #held = new Map<string, readonly Message[]>();

  readonly hold = ({ id, history, message }: Turn): ConversationReference => {
    const messages = [...history, message];
    this.#held.set(id, messages);
    return { turn: id, messages: messages.length };
  };

  /** @throws ConversationMissingError (`ORCH_CONVERSATION_MISSING`) for a run that no turn of this process goes on with. */
  readonly messagesOf = ({ turn }: ConversationReference): readonly Message[] => {
    const messages = this.#held.get(turn);
    if (messages === undefined) throw new ConversationMissingError({ turnId: turn });
    return messages;
  };

  readonly release = ({ id }: Turn): void => {
    this.#held.delete(id);
  };
}
