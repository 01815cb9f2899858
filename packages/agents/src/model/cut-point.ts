/** Where a conversation may be cut: never between a tool call and its result. */
import type { Message } from "../words/message.ts";

/** The positions of the user messages: a turn begins at each. */
export function startsOf(messages: readonly Message[]): readonly number[] {
  return messages.flatMap(({ role }, index) => (role === "user" ? [index] : []));
}

/**
 * Finds the position from which on messages are kept: as few as hold `keepTokens`, and never one that
 * begins with tool results. The beginning of a turn is taken where one is near enough: it may keep up
 * to twice as much. 0 when nothing can be left out.
 */
export function cutPoint(
  messages: readonly Message[],
  keepTokens: number,
  tokensOf: (message: Message) => number,
): number {
  let kept = 0;
  let cut = messages.length;
  // The last message always stays: it is what the model answers.
  while (cut > 0 && (kept < keepTokens || cut === messages.length)) kept += tokensOf(messages[--cut]!);
  while (cut > 0 && messages[cut]?.role === "tool") kept += tokensOf(messages[--cut]!);
  for (let start = cut; start > 0 && kept <= keepTokens * 2; start--) {
    if (messages[start]?.role === "user") return start;
    kept += tokensOf(messages[start - 1]!);
  }
  return cut;
}
