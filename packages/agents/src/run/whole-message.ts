/** Whether a message holds no half of a character. It is asked for every message, so what is known of it is not walked through. */
import { isWellFormed } from "../platform/well-formed.ts";
import type { AssistantMessage, AssistantPart, Message, Origin, ToolResultPart } from "../words/message.ts";

/** The last origin that was whole: the messages of a model share theirs. */
let whole: Origin | undefined;

/** Whether the texts and keys of a message hold no half of a surrogate pair. */
export function isWholeMessage(message: Message): boolean {
  if (message.role === "assistant") return isWholeAnswer(message);
  return message.role === "tool" ? message.content.every(isWholeResult) : isWellFormed(message);
}

/** A result is of our own making, and has its id and name of a call that stands in the conversation. */
function isWholeResult({ output }: ToolResultPart): boolean {
  return isWellFormed(output);
}

/** What a model wrote may have any field. */
function isWholeAnswer(message: AssistantMessage): boolean {
  for (const key in message) {
    if (key === "role" || (key === "origin" && message.origin === whole)) continue;
    if (key === "content" ? !message.content.every(isWholePart) : !isWholeField(message, key)) return false;
  }
  whole = message.origin;
  return true;
}

function isWholePart(part: AssistantPart): boolean {
  for (const key in part) if (key !== "type" && !isWholeField(part, key)) return false;
  return true;
}

/** To compare a usual key costs less than to look at its characters. */
function isWholeField(value: object, key: string): boolean {
  const item = (value as { readonly [key: string]: unknown })[key];
  if (typeof item === "string" ? !item.isWellFormed() : !isWellFormed(item)) return false;
  return key === "id" || key === "name" || key === "rawInput" || key === "text" || key.isWellFormed();
}
