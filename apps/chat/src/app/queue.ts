/** What becomes of a text that is sent: it is carried out, it answers, it waits, or something is stopped for it. */
import { inboxWay } from "@orch/chat-runtime";
import { edit, fullText } from "../input/editor.ts";
import { remember } from "../input/history.ts";
import { NO_QUESTIONS } from "../questions/panel-state.ts";
import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { AppFacts } from "./app-facts.ts";
import type { AppState, AppStep, Effect } from "./app-state.ts";
import { without } from "./popup.ts";

/** Said of a message that is not taken. */
export const REFUSED = noticeEntry(
  safe`Another message is being answered. Wait for its end, or Esc Esc stops it; the text is in the input.`,
  "warning",
);

/** Sends what was typed. */
export function send(state: AppState, text: string, facts: AppFacts): AppStep {
  const kept = { ...state, history: remember(state.history, text) };
  const noted: Effect = { type: "remember", text };
  if (state.phase === "idle" || facts.isAside(text))
    return { state: kept, effects: [noted, { type: "submit", text }] };
  switch (wayOf(state, text, facts)) {
    case "interrupt": {
      const first = { ...kept, queue: [text, ...state.queue] };
      return {
        state: { ...first, phase: "stopping", panel: NO_QUESTIONS, interrupting: true },
        effects: [noted, { type: "cancel" }],
      };
    }
    case "reject":
      return { state: loaded(state, text, facts), effects: [{ type: "say", entry: REFUSED }] };
    default:
      return { state: { ...kept, queue: [...state.queue, text] }, effects: [noted] };
  }
}

/** A command waits for the end of a turn, and what is typed before the session is open waits for that. */
function wayOf(state: AppState, text: string, { isCommand, inbox }: AppFacts): ReturnType<typeof inboxWay> {
  if (state.phase !== "running" || isCommand(text)) return "queue";
  // Answers are given in the panel: a message that is written beside a question is none.
  return inboxWay({ busy: true, questions: 0 }, inbox);
}

/** The oldest queued message has its turn. */
export function next(state: AppState): AppStep {
  const [text, ...queue] = state.queue;
  if (text === undefined) return { state: without(state, "held"), effects: [] };
  if (state.held || state.phase !== "idle") return { state, effects: [] };
  return { state: { ...state, queue }, effects: [{ type: "submit", text }] };
}

/** Goes on after a turn. What the user wrote to interrupt it is sent, and what else waits is held back. */
export function ended(state: AppState, isStopped: boolean): AppStep {
  const idle: AppState = { ...without(state, "interrupting"), phase: "idle" };
  if (!isStopped) return next(idle);
  if (state.interrupting !== true) return { state: hold(idle), effects: [] };
  const [text, ...queue] = state.queue;
  // It may have been taken back meanwhile.
  if (text === undefined) return { state: idle, effects: [] };
  return { state: hold({ ...idle, queue }), effects: [{ type: "submit", text }] };
}

/** Holds the queue back, because a user who stops an answer does not want the next one to start. */
function hold(state: AppState): AppState {
  return state.queue.length > 0 ? { ...state, held: true } : state;
}

/** Puts other items in the place of those that wait; `text` goes into the input. */
export function requeue(
  state: AppState,
  queue: readonly string[],
  text: string | undefined,
  facts: AppFacts,
): AppState {
  const other: AppState = { ...state, queue };
  const kept = queue.length === 0 ? without(other, "held") : other;
  return text === undefined ? kept : loaded(kept, text, facts);
}

function loaded(state: AppState, text: string, { width }: AppFacts): AppState {
  return {
    ...state,
    editor: edit(state.editor, { type: "load", text }, { width, history: state.history }).state,
  };
}

/** What stands in the input and was not sent; nothing of what a command asks for. */
export function draftOf({ dialog, searching, editor }: AppState): string {
  return dialog === undefined && !searching ? fullText(editor).trim() : "";
}
