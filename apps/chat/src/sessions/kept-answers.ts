/** What was said in a conversation, from its kept turns. */
import { textOf } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";

/** What answered each turn, oldest first: all that was said in the turn. Turns without an answer are left out. */
export function keptAnswers(turns: readonly TurnRecord[]): readonly string[] {
  return turns
    .filter(({ status }) => status !== "dropped")
    .map((turn) =>
      turn.messages
        .filter(({ role }) => role === "assistant")
        .map((message) => textOf(message).trim())
        .filter((text) => text !== "")
        .join("\n\n"),
    )
    .filter((text) => text !== "");
}
