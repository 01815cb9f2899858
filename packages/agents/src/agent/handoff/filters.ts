/** Ready answers to what the next agent should see. */

import { startsOf } from "../../model/cut-point.ts";
import type { Message } from "../../words/message.ts";

/** Leaves tool calls and their results out: the next agent reads what was said, not how it came about. */
export function withoutToolCalls(messages: readonly Message[]): readonly Message[] {
  return messages.flatMap((message): readonly Message[] => {
    if (message.role === "tool") return [];
    if (message.role !== "assistant") return [message];
    const content = message.content.filter(
      ({ type }) => type === "text" || type === "refusal" || type === "file",
    );
    return content.length === 0 ? [] : [{ ...message, content }];
  });
}

/** Makes a filter that keeps the last turns: so many user messages, and all that followed them. System messages stay. */
export function lastTurns(count: number): (messages: readonly Message[]) => readonly Message[] {
  return (messages) => {
    const from = startsOf(messages).at(-Math.max(1, count)) ?? 0;
    return messages.filter(({ role }, index) => role === "system" || index >= from);
  };
}
