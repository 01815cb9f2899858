/** A conversation as the messages that a page begins with. */
import { RailChanges } from "../reply/rail-changes.ts";
import type { RailState } from "../reply/rail-state.ts";
import type { PublicHistory, PublicTurn } from "../words/public-conversation.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { PublicFile } from "../words/public-file.ts";
import type { UiStatus } from "./ui-chunk.ts";

/** Up to how many of the newest turns the states are read: a page shows the end of a conversation first. */
const TURNS_WITH_STATES = 20;

/** A part of a message that was kept. */
export type UiHistoryPart =
  | { readonly type: "text"; readonly text: string; readonly state?: "done" }
  | {
      readonly type: "data-file";
      readonly id: string;
      readonly data: Pick<PublicFile, "mediaType" | "name">;
    }
  | { readonly type: "data-state"; readonly id: string; readonly data: RailState };

/** A message that was kept: its text, and the states as they ended. Calls and reasoning are told while a turn is being answered. */
export interface UiHistoryMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly metadata: UiStatus;
  readonly parts: readonly UiHistoryPart[];
}

/**
 * Makes the messages of a conversation. That of a turn which is not over comes from its stream. `happened` gives the events of a
 * turn, of which the states are made.
 */
export async function uiHistory(
  { history }: Pick<PublicHistory, "history">,
  happened: (turn: string) => Promise<readonly PublicEvent[]>,
): Promise<readonly UiHistoryMessage[]> {
  const messages: UiHistoryMessage[] = [];
  for (const [at, turn] of history.entries()) {
    messages.push(messageOf(turn));
    if (isOpen(turn)) continue;
    const withStates = at >= history.length - TURNS_WITH_STATES;
    messages.push(answerOf(turn, withStates ? statesIn(await happened(turn.turn)) : []));
  }
  return messages;
}

function messageOf({ turn, message, files = [] }: PublicTurn): UiHistoryMessage {
  const named = files.map((data, at) => ({ type: "data-file", id: `file:${at}`, data }) as const);
  const parts = [{ type: "text", text: message }, ...named] as const;
  return { id: `${turn}:message`, role: "user", metadata: { turn }, parts };
}

function isOpen({ status }: PublicTurn): boolean {
  return status === "answering" || status === "unfinished" || status === "dropped";
}

function answerOf({ turn, status, answer = "" }: PublicTurn, states: readonly RailState[]): UiHistoryMessage {
  const rail = states.map((data) => ({ type: "data-state", id: data.path, data }) as const);
  const text = answer === "" ? [] : [{ type: "text", text: answer, state: "done" } as const];
  return {
    ...{ id: turn, role: "assistant", metadata: { turn, status: status as ClosedStatus } },
    parts: [...rail, ...text],
  };
}

type ClosedStatus = "completed" | "failed" | "cancelled";

/** The states in the order in which they began, each as it was at the end. */
function statesIn(events: readonly PublicEvent[]): readonly RailState[] {
  const rail = new RailChanges();
  const states = new Map<string, RailState>();
  for (const event of events) for (const state of rail.take(event)) states.set(state.path, state);
  return [...states.values()];
}
