/**
 * A client of the OpenAI APIs sends the messages again and no id. So the text of a question ends with a line that says where
 * its answer belongs, and the next request is read for it.
 */
import { placeOf, placeText, type ReplyPlace } from "../reply/reply-place.ts";
import type { RequestMessage } from "./message-text.ts";

const MARK = /\[question ([\w-]+)\]\s*$/;

/** The line at the end of a question. */
export function questionMark(place: ReplyPlace): string {
  return `[question ${placeText(place)}]`;
}

/** Where the last message belongs, if it follows a question of this server. */
export function markedPlace(messages: readonly RequestMessage[]): ReplyPlace | undefined {
  const before = messages.at(-2);
  if (messages.at(-1)?.role !== "user" || before?.role !== "assistant") return undefined;
  const mark = MARK.exec(before.text)?.[1];
  return mark === undefined ? undefined : placeOf(mark);
}

/** A text without the mark at its end. */
export function withoutMark(text: string): string {
  return text.replace(MARK, "").trimEnd();
}
