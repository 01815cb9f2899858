/** How a model, and a reader, tells a summary from a message. */
import { type Message, textOf, type UserMessage, userMessage } from "../words/message.ts";

const MARK = "[Summary of the earlier conversation";

/** A message that stands for `count` messages that are left out. */
export function summaryMessage(count: number, writtenBy: string, text: string): UserMessage {
  return userMessage(`${MARK}, ${count} messages, written by ${writtenBy}]\n${text}\n[End of the summary]`);
}

/** Whether a message is a summary that compaction made. */
export function isSummary(message: Message): boolean {
  return message.role === "user" && textOf(message).startsWith(MARK);
}
