import { isObject } from "../reply/json-object.ts";

/** One message of a request, as text. */
export interface RequestMessage {
  readonly role: string;
  readonly text: string;
}

/** The messages of a request of either API; `undefined` when it is no list of messages. */
export function messagesOf(input: unknown): readonly RequestMessage[] | undefined {
  if (typeof input === "string") return [{ role: "user", text: input }];
  if (!Array.isArray(input)) return undefined;
  const messages: RequestMessage[] = [];
  for (const item of input as unknown[]) {
    if (!isObject(item)) return undefined;
    // What the reply showed on the way comes back as items of other types.
    if (typeof item["role"] !== "string") continue;
    messages.push({ role: item["role"], text: contentText(item["content"]) });
  }
  return messages;
}

/** The text of a message's content: a text, or parts of which those with text count. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = (content as unknown[]).map((part) =>
    isObject(part) ? (part["text"] ?? part["refusal"]) : "",
  );
  return texts.filter((text) => typeof text === "string" && text !== "").join("\n");
}
