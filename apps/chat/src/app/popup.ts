/** The popup over the input: commands and their arguments, files, and what was sent before. */
import { complete } from "../input/completion.ts";
import { completeFile } from "../input/file-completion.ts";
import { searchHistory } from "../input/history-search.ts";
import type { AppFacts } from "./app-facts.ts";
import type { AppState } from "./app-state.ts";

/** The state with the popup that fits its text, or without one. */
export function withCompletion(state: AppState, facts: AppFacts): AppState {
  const { text, cursor, recall } = state.editor;
  if (state.searching) return search(state);
  // Walking through the history must not be caught by a popup, nor commands of vim.
  const completion =
    recall === undefined && state.vim?.mode !== "normal"
      ? (complete(text, cursor, facts.commands) ?? completeFile(text, cursor, state.files ?? []))
      : undefined;
  return completion === undefined ? closed(state) : { ...closed(state), completion };
}

/** The popup with what is found for the text; Enter takes the chosen line, because the user asked for one. */
export function search(state: AppState): AppState {
  const completion = searchHistory(state.editor.text, state.history);
  const searching = { ...closed(state), searching: true as const };
  return completion === undefined ? searching : { ...searching, completion, picked: true };
}

/** Chooses another line. */
export function choose(state: AppState, by: -1 | 1): AppState {
  const count = state.completion?.items.length ?? 0;
  return count === 0 ? state : { ...state, chosen: (state.chosen + by + count) % count, picked: true };
}

/** Without the popup. */
export function closed(state: AppState): AppState {
  return { ...without(without(state, "completion"), "picked"), chosen: 0 };
}

/** The state without one of its marks. */
export function without<
  TKey extends "armed" | "completion" | "picked" | "held" | "interrupting" | "searching" | "vim" | "dialog",
>(state: AppState, key: TKey): Omit<AppState, TKey> {
  const { [key]: _, ...rest } = state;
  return rest;
}
