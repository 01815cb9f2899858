/** A conversation as the messages that a page begins with. */
import type { PublicHistory, PublicTurn } from "../words/public-conversation.ts";
import type { UiStatus } from "./ui-chunk.ts";

/** A message that was kept: text only. What happened in a turn is told while it is being answered. */
export interface UiHistoryMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly metadata: UiStatus;
  readonly parts: readonly { readonly type: "text"; readonly text: string; readonly state?: "done" }[];
}

/** Makes the messages of a conversation. That of a turn which is not over comes from its stream. */
export function uiHistory({ history }: Pick<PublicHistory, "history">): readonly UiHistoryMessage[] {
  return history.flatMap((turn) => [messageOf(turn), ...answerOf(turn)]);
}

function messageOf({ turn, message }: PublicTurn): UiHistoryMessage {
  const parts = [{ type: "text", text: message }] as const;
  return { id: `${turn}:message`, role: "user", metadata: { turn }, parts };
}

function answerOf({ turn, status, answer = "" }: PublicTurn): UiHistoryMessage[] {
  if (status === "answering" || status === "unfinished" || status === "dropped") return [];
  const parts = answer === "" ? [] : [{ type: "text", text: answer, state: "done" } as const];
  return [{ id: turn, role: "assistant", metadata: { turn, status }, parts }];
}
