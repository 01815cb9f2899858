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
  return typeof output === "string" ? output.isWellFormed() : isWellFormed(output);
}

/** What a model wrote may have any field. */
function isWholeAnswer(message: AssistantMessage): boolean {
  const { content, origin, finish } = message;
  for (const key in message)
    if (key !== "role" && key !== "content" && key !== "origin" && key !== "finish")
      return isWellFormed(message);
  for (let at = 0; at < content.length; at++) if (!isWholePart(content[at]!)) return false;
  for (const key in finish) if (key !== "reason" && !isWellFormed(finish)) return false;
  if (origin !== whole && !isWellFormed(origin)) return false;
  whole = origin;
  return true;
}

/** The item is read right here, where V8 finds it by its place among the keys; a usual key is compared, as that costs less than its characters. */
function isWholePart(part: AssistantPart): boolean {
  for (const key in part) {
    if (key === "type") continue;
    const item: unknown = part[key as never];
    if (typeof item === "string" ? !item.isWellFormed() : !isWellFormed(item)) return false;
    const isUsual = key === "id" || key === "name" || key === "rawInput" || key === "text";
    if (!isUsual && !key.isWellFormed()) return false;
  }
  return true;
}
