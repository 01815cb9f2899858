/**
 * A conversation is closed when each tool call has its result. Providers refuse any other, so a
 * turn that ended early is closed before it is kept.
 */
import type { AssistantMessage, Message, ToolResultPart } from "@orch/agents";

/** Adds a result that says `why` to every tool call without one. Messages whose calls have results stay as they are. */
export function closedMessages(messages: readonly Message[], why: string): readonly Message[] {
  const closed: Message[] = [];
  for (let at = 0; at < messages.length; ) {
    const message = messages[at]!;
    closed.push(message);
    at += 1;
    if (message.role !== "assistant") continue;
    const answered = new Set<string>();
    for (; messages[at]?.role === "tool"; at += 1) {
      const answer = messages[at]!;
      closed.push(answer);
      for (const part of answer.content) if (part.type === "tool-result") answered.add(part.id);
    }
    const missing = missingResults(message, answered, why);
    if (missing.length === 0) continue;
    const last = closed.at(-1)!;
    if (last.role === "tool") closed[closed.length - 1] = { ...last, content: [...last.content, ...missing] };
    else closed.push({ role: "tool", content: missing });
  }
  return closed;
}

function missingResults(message: AssistantMessage, answered: Set<string>, why: string): ToolResultPart[] {
  const missing: ToolResultPart[] = [];
  for (const part of message.content) {
    if (part.type !== "tool-call" || answered.has(part.id)) continue;
    missing.push({ type: "tool-result", id: part.id, name: part.name, output: why, isError: true });
  }
  return missing;
}
