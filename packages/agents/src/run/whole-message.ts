/** Whether a message holds no half of a character. It is asked for every message, so what is known of it is not walked through. */
import { isWellFormed } from "../platform/well-formed.ts";
import type { AssistantMessage, AssistantPart, Message, Origin, ToolResultPart } from "../words/message.ts";
import type { Finish } from "../words/model.ts";

/** The last origin that was whole: the messages of a model share theirs. */
let whole: Origin | undefined;

/** Whether the texts and keys of a message hold no half of a surrogate pair. */
export function isWholeMessage(message: Message): boolean {
  if (message.role === "assistant") return isWholeAnswer(message);
  return message.role === "tool" ? areWholeResults(message.content) : isWellFormed(message);
}

/** Results are of our own making, and have their ids and names of calls that stand in the conversation. */
function areWholeResults(results: readonly ToolResultPart[]): boolean {
  for (const { output } of results) if (!isWellFormed(output)) return false;
  return true;
}

/** What a model wrote may have any field. */
function isWholeAnswer(message: AssistantMessage): boolean {
  for (const key in message) {
    switch (key) {
      case "role":
        break;
      case "content":
        if (!areWholeParts(message.content)) return false;
        break;
      case "origin":
        if (!isWholeOrigin(message.origin)) return false;
        break;
      case "finish":
        if (!isWholeFinish(message.finish)) return false;
        break;
      default:
        if (!isWholeField(message, key)) return false;
    }
  }
  return true;
}

function isWholeOrigin(origin: Origin): boolean {
  if (origin === whole) return true;
  if (!isWellFormed(origin)) return false;
  whole = origin;
  return true;
}

/** The word that tells the kind is one of ours. */
function isWholeFinish(finish: Finish): boolean {
  for (const key in finish) if (key !== "reason" && !isWholeField(finish, key)) return false;
  return true;
}

function areWholeParts(parts: readonly AssistantPart[]): boolean {
  for (const part of parts)
    for (const key in part) if (key !== "type" && !isWholeField(part, key)) return false;
  return true;
}

function isWholeField(value: object, key: string): boolean {
  const item = (value as { readonly [key: string]: unknown })[key];
  if (typeof item === "string" ? !item.isWellFormed() : !isWellFormed(item)) return false;
  return isOurs(key) || key.isWellFormed();
}

/** Whether it is a key of nearly every message: comparing it costs less than looking at its characters. */
function isOurs(key: string): boolean {
  return key === "id" || key === "name" || key === "rawInput" || key === "text";
}
