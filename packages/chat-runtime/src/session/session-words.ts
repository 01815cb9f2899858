/** The search for words in conversations. */
import { textOf } from "@orch/agents";
import type { TurnRecord } from "./session-store.ts";

/** The words of a search, in lower case. */
export function searchWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/u).filter(Boolean);
}

/** Those of `words` that do not stand in a text. */
export function missingWords(words: readonly string[], text: string): readonly string[] {
  const low = text.toLowerCase();
  return words.filter((word) => !low.includes(word));
}

/** What user and model said in a turn; nothing of one that was dropped. */
export function turnText({ status, messages }: TurnRecord): string {
  if (status === "dropped") return "";
  return messages
    .filter(({ role }) => role === "user" || role === "assistant")
    .map(textOf)
    .join("\n");
}
