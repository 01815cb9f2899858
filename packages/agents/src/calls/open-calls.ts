/** Calls that have no result yet, and how a conversation is closed so that every provider takes it. */
import {
  type AssistantMessage,
  callsOf,
  type Message,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
} from "../words/message.ts";
import { errorResult } from "./error-result.ts";

/** Calls that wait at the end of a conversation, and their message. */
export interface WaitingCalls {
  readonly message: AssistantMessage;
  readonly calls: readonly ToolCallPart[];
}

/** The message with the calls that wait at the end of a conversation, and those calls; nothing else may follow them. */
export function waitingCalls(messages: readonly Message[]): WaitingCalls | undefined {
  if (messages.at(-1)?.role === "user") return undefined;
  const answered = new Set<string>();
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index]!;
    if (message.role === "tool") for (const result of message.content) answered.add(result.id);
    else if (message.role !== "assistant") return undefined;
    else {
      const calls = callsOf(message).filter((call) => !answered.has(call.id));
      return calls.length === 0 ? undefined : { message, calls };
    }
  }
  return undefined;
}

/**
 * Gives every call that lies further back without a result one that says so. Calls that wait at the
 * end are left open. A conversation that needs nothing comes back as it is.
 */
export function closeOldCalls(messages: readonly Message[]): readonly Message[] {
  const closed: Message[] = [];
  messages.forEach((message, index) => {
    closed.push(message);
    if (message.role !== "assistant") return;
    const calls = callsOf(message);
    if (calls.length === 0) return;
    const { answered, end } = resultsAfter(messages, index);
    if (end === messages.length) return;
    const missing = calls.filter((call) => !answered.has(call.id));
    if (missing.length > 0) closed.push(toolMessage(missing.map((call) => errorResult(call, "Cancelled."))));
  });
  return closed.length === messages.length ? messages : closed;
}

function resultsAfter(
  messages: readonly Message[],
  index: number,
): { readonly answered: ReadonlySet<string>; readonly end: number } {
  const answered = new Set<string>();
  let end = index + 1;
  for (; end < messages.length; end++) {
    const message = messages[end]!;
    if (message.role !== "tool") break;
    for (const result of message.content) answered.add(result.id);
  }
  return { answered, end };
}

/** The message that carries results. */
export function toolMessage(results: readonly ToolResultPart[]): ToolMessage {
  return { role: "tool", content: results };
}

/** Gives calls of one message that share an id ids of their own, because a result finds its call by id alone. */
export function withDistinctIds(message: AssistantMessage): AssistantMessage {
  if (message.content.length < 2) return message;
  const seen = new Set<string>();
  let changed = false;
  const content = message.content.map((part) => {
    if (part.type !== "tool-call") return part;
    let { id } = part;
    for (let copy = 2; seen.has(id); copy++) id = `${part.id}_${copy}`;
    seen.add(id);
    if (id === part.id) return part;
    changed = true;
    return { ...part, id };
  });
  return changed ? { ...message, content } : message;
}
