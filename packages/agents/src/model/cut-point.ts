/** Where a conversation may be cut: never between a tool call and its result. */
import type { Message } from "../words/message.ts";

/** The positions of the user messages: a turn begins at each. */
export function startsOf(messages: readonly Message[]): readonly number[] {
  return messages.flatMap(({ role }, index) => (role === "user" ? [index] : []));
}

/**
 * Finds the position from which on messages are kept: as few as hold `keep` tokens, and never one that
 * begins with tool results. A message that would lead beyond `most` is left out with those before it, unless it is the last
 * one. The beginning of a turn is taken where one is near enough: it may keep up to twice as much. 0 when nothing can be
 * left out.
 */
export function cutPoint(
  messages: readonly Message[],
  { keep, most }: { readonly keep: number; readonly most: number },
  tokensOf: (message: Message) => number,
): number {
  let kept = 0;
  let cut = messages.length;
  // The last message always stays: it is what the model answers.
  while (cut > 0 && (kept < keep || cut === messages.length)) {
    const tokens = tokensOf(messages[cut - 1]!);
    if (cut < messages.length && kept + tokens > most) break;
    kept += tokens;
    cut--;
  }
  while (cut > 0 && messages[cut]?.role === "tool") kept += tokensOf(messages[--cut]!);
  for (let start = cut; start > 0 && kept <= keep * 2; start--) {
    if (messages[start]?.role === "user") return start;
    kept += tokensOf(messages[start - 1]!);
  }
  return cut;
}
