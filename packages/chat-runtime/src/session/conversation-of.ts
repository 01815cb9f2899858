/**
 * Which turns are the conversation. A turn without an answer stays apart: sent again, its message would be glued to the next
 * one, and what the provider refused once it would refuse with each later message too.
 */
import type { Message } from "@orch/agents";
import type { TurnRecord } from "./session-store.ts";

/** A turn without an answer that may be tried again or dropped. */
export type TurnApart = TurnRecord & { readonly status: "failed" | "cancelled" | "unfinished" };

/** The messages that go to what answers the next message, oldest first. */
export function conversationOf(turns: readonly TurnRecord[]): readonly Message[] {
  return turns.flatMap((turn) => (isPart(turn) ? turn.messages : []));
}

/** The turn of that id, if it stays apart; it need not be the last. */
export function turnApartOf(turns: readonly TurnRecord[], id: string): TurnApart | undefined {
  const turn = turns.find((one) => one.id === id);
  return turn === undefined || turn.status === "dropped" || isPart(turn) ? undefined : (turn as TurnApart);
}

/** The newest turn that was not dropped, if it stays apart. */
export function turnApart(turns: readonly TurnRecord[]): TurnApart | undefined {
  const last = turns.findLast(({ status }) => status !== "dropped");
  return last === undefined || isPart(last) ? undefined : (last as TurnApart);
}

/** Whether a turn is part of the conversation: an answer that the user stopped is one as far as it goes. */
export function isPart({ status, messages }: TurnRecord): boolean {
  if (status === "completed") return true;
  return status === "cancelled" && messages.some(({ role }) => role === "assistant");
}
