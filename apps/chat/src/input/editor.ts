/**
 * The multi-line editor as a pure function: a state and an action give the next state, and the text to
 * send when there is one. It knows nothing of keys; the key map says which action a key is.
 */
import { type Cell, cellsOf, cursorAt, cursorPlace, type Row, rowsOf } from "./editor-layout.ts";
import { lineEnd, lineStart, nextCell, previousCell, wordEnd, wordStart } from "./moves.ts";
import { expandPastes, isLarge, normaliseLines, type Pastes, placeholder } from "./pastes.ts";

/** What the editor holds. */
export interface EditorState {
  /** With placeholders for large pastes. */
  readonly text: string;
  /** In UTF-16 units, always between two graphemes. */
  readonly cursor: number;
  readonly pastes: Pastes;
  /** The column that moves up and down keep to. */
  readonly column?: number;
  /** Set while a history entry is shown: its index, and the draft before it. */
  readonly recall?: { readonly index: number; readonly draft: EditorState };
}

/** Where the cursor may go. `up` and `down` turn to the history at the first and the last row. */
export type Move =
  | "left"
  | "right"
  | "word-left"
  | "word-right"
  | "line-start"
  | "line-end"
  | "text-start"
  | "text-end"
  | "up"
  | "down";

/** What may be done to the editor. */
export type EditorAction =
  /** A chunk of typed text as the terminal gave it; a carriage return at its end is the Enter key. */
  | { readonly type: "input"; readonly text: string }
  | { readonly type: "insert"; readonly text: string }
  /** A bracketed paste: never sends, collapses when it is large. */
  | { readonly type: "paste"; readonly text: string }
  | { readonly type: "newline" }
  /** Sends; after a backslash it begins a new line instead. */
  | { readonly type: "enter" }
  | { readonly type: "move"; readonly to: Move }
  /** Deletes from the cursor to where the move would go: `left` is Backspace, `line-start` is Ctrl-U. */
  | { readonly type: "delete"; readonly to: Exclude<Move, "up" | "down"> }
  /** Puts a completion in place of a part of the text. */
  | { readonly type: "replace"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly type: "load"; readonly text: string }
  | { readonly type: "history"; readonly to: "previous" | "next" }
  | { readonly type: "clear" };

/** The facts outside the editor that it needs. */
export interface EditorFacts {
  /** Cells per row; one less than there is room for, so that the cursor fits behind a full row. */
  readonly width: number;
  /** The sent messages, oldest first. */
  readonly history: readonly string[];
}

/** The next state, and the text to send with its pastes put back. */
export interface EditorStep {
  readonly state: EditorState;
  readonly send?: string;
}

/** An empty editor. */
export const EMPTY_EDITOR: EditorState = { text: "", cursor: 0, pastes: new Map() };

/** Applies one action. */
export function edit(state: EditorState, action: EditorAction, facts: EditorFacts): EditorStep {
  switch (action.type) {
    case "input":
      return input(state, action.text, facts);
    case "insert":
      return { state: insert(state, action.text) };
    case "paste":
      return { state: paste(state, action.text) };
    case "newline":
      return { state: insert(state, "\n") };
    case "enter":
      return enter(state);
    case "move":
      return { state: move(state, action.to, facts) };
    case "delete":
      return { state: deleteTo(state, target(state, action.to)) };
    case "replace":
      return { state: replace(state, action.start, action.end, action.text) };
    case "load":
      return { state: { ...EMPTY_EDITOR, text: action.text, cursor: action.text.length } };
    case "history":
      return { state: recall(state, action.to === "previous" ? -1 : 1, facts.history) };
    case "clear":
      return { state: EMPTY_EDITOR };
  }
}

/** The text as it would be sent. */
export function fullText(state: EditorState): string {
  return expandPastes(state.text, state.pastes);
}

/** The cells of the editor's text. */
export function editorCells(state: EditorState): Cell[] {
  return cellsOf(state.text, state.pastes.keys());
}

/** The rows of the editor's text. */
export function editorRows(state: EditorState, width: number): Row[] {
  return rowsOf(editorCells(state), width);
}

/**
 * A chunk may hold several keys. Text with one carriage return at its end was typed and sent, faster
 * than the terminal was read; a carriage return with text behind it is a paste that was not bracketed.
 */
function input(state: EditorState, text: string, facts: EditorFacts): EditorStep {
  const end = text.indexOf("\r");
  if (end < 0) return { state: insert(state, text) };
  if (end < text.length - 1) return { state: paste(state, text) };
  const typed = end === 0 ? state : insert(state, text.slice(0, end));
  return edit(typed, { type: "enter" }, facts);
}

function insert(state: EditorState, text: string): EditorState {
  return replace(state, state.cursor, state.cursor, normaliseLines(text));
}

function paste(state: EditorState, pasted: string): EditorState {
  const text = normaliseLines(pasted);
  if (!isLarge(text)) return insert(state, text);
  const label = placeholder(text, state.pastes, state.text);
  return insert({ ...state, pastes: new Map(state.pastes).set(label, text) }, label);
}

function enter(state: EditorState): EditorStep {
  if (state.text[state.cursor - 1] === "\\")
    return { state: replace(state, state.cursor - 1, state.cursor, "\n") };
  const send = fullText(state);
  return send.trim() === "" ? { state } : { state: EMPTY_EDITOR, send };
}

function replace(state: EditorState, start: number, end: number, text: string): EditorState {
  const next: EditorState = {
    text: state.text.slice(0, start) + text + state.text.slice(end),
    cursor: start + text.length,
    pastes: state.pastes,
    ...(state.recall && { recall: state.recall }),
  };
  // What was typed may join with its neighbours to one grapheme.
  const joined = editorCells(next).find((cell) => cell.start < next.cursor && cell.end > next.cursor);
  return joined === undefined ? next : { ...next, cursor: joined.end };
}

function deleteTo(state: EditorState, to: number): EditorState {
  if (to === state.cursor) return state;
  return replace(state, Math.min(to, state.cursor), Math.max(to, state.cursor), "");
}

function move(state: EditorState, to: Move, facts: EditorFacts): EditorState {
  if (to === "up" || to === "down") return moveRow(state, to === "up" ? -1 : 1, facts);
  const { column: _, ...rest } = state;
  return { ...rest, cursor: target(state, to) };
}

function target(state: EditorState, to: Exclude<Move, "up" | "down">): number {
  const cells = editorCells(state);
  switch (to) {
    case "left":
      return previousCell(cells, state.cursor);
    case "right":
      return nextCell(cells, state.cursor);
    case "word-left":
      return wordStart(cells, state.cursor);
    case "word-right":
      return wordEnd(cells, state.cursor);
    case "line-start":
      return lineStart(cells, state.cursor);
    case "line-end":
      return lineEnd(cells, state.cursor);
    case "text-start":
      return 0;
    case "text-end":
      return state.text.length;
  }
}

function moveRow(state: EditorState, by: -1 | 1, facts: EditorFacts): EditorState {
  const rows = editorRows(state, facts.width);
  const place = cursorPlace(rows, state.cursor);
  const next = rows[place.row + by];
  if (next === undefined) return recall(state, by, facts.history);
  const column = state.column ?? place.column;
  return { ...state, column, cursor: cursorAt(next, column) };
}

/** Shows an older or newer entry; after the newest comes the draft that was left. */
function recall(state: EditorState, by: -1 | 1, history: readonly string[]): EditorState {
  const index = (state.recall?.index ?? history.length) + by;
  const draft = state.recall?.draft ?? state;
  if (index < 0 || index > history.length) return state;
  const entry = history[index];
  if (entry === undefined) return draft;
  // Going up, the cursor stands in the first row, so that the next step goes on; going down, at the end.
  return { text: entry, cursor: by < 0 ? 0 : entry.length, pastes: new Map(), recall: { index, draft } };
}
