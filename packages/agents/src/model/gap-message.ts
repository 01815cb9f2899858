import { type UserMessage, userMessage } from "../words/message.ts";

/** A message that says only that `count` messages are left out. */
export function gapMessage(count: number): UserMessage {
  return userMessage(`[${count} earlier messages are left out here]`);
}
