/** What the reader has of a turn or a run, read from what it hands back; and the messages without it, to be told from the beginning. */
import { fieldsOf, textIn } from "../reply/fields.ts";
import type { AgUiMessage } from "./ag-ui-event.ts";
import type { RunInput } from "./run-input.ts";
import { type AgUiState, stateIn } from "./shared-state.ts";
import type { AnswerText } from "./spoken-messages.ts";

/** What the reader has. Nothing when there is no `state`. */
export interface KnownRun {
  readonly state?: AgUiState;
  readonly texts: readonly AnswerText[];
}

/** Nothing is there. */
export const NOTHING_KNOWN: KnownRun = { texts: [] };

/** How far the client has this turn or run; `undefined` when it has another, or none. */
export function knownRun(input: RunInput, id: string): KnownRun | undefined {
  const state = stateIn(input.state);
  if (state?.id !== id) return undefined;
  return { state, texts: input.messages.flatMap((message) => textOf(message, id)) };
}

function textOf(message: AgUiMessage, id: string): AnswerText[] {
  const { role, content, metadata } = message;
  const orch = fieldsOf(fieldsOf(metadata)["orch"]);
  const path = textIn(orch, "path");
  const isText = role === "assistant" && typeof content === "string";
  if (!isText || !isOf(message, id) || path === undefined || orch["cut"] === true) return [];
  return [{ id: message.id, path, text: content }];
}

/** The messages of the client without those of this turn or run, which are told again. */
export function messagesBefore(messages: readonly AgUiMessage[], id: string): readonly AgUiMessage[] {
  const asides = asidesBefore(messages, id);
  return messages.flatMap((message) => {
    const aside = asides.find((one) => one.id === message.id);
    if (aside !== undefined) return [aside];
    return isOf(message, id) ? [] : [message];
  });
}

/**
 * The reasoning of the client that stays. It keeps its own unless a snapshot has some: of this turn or run the first stays, emptied
 * and marked, so that the others go.
 */
export function asidesBefore(messages: readonly AgUiMessage[], id: string): readonly AgUiMessage[] {
  const asides = messages.filter(({ role }) => role === "reasoning");
  const [first] = asides.filter((message) => isOf(message, id));
  const emptied = first && { ...first, content: "", metadata: { orch: { path: "", cut: true } } };
  return asides.flatMap((message) => {
    if (message === first) return [emptied!];
    return isOf(message, id) ? [] : [message];
  });
}

function isOf({ id }: AgUiMessage, narration: string): boolean {
  return id.startsWith(`${narration}/`);
}
