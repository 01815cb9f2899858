/**
 * The multi-line editor as a pure function: a state and an action give the next state, and the text to
 * send when there is one. It knows nothing of keys; the key map says which action a key is.
 */
import { type Cell, cellsOf, cursorAt, cursorPlace, type Row, rowsOf } from "./editor-layout.ts";
import { afterSend, memoryOf, redone, remembered, undone, withCopied, withKilled } from "./editor-memory.ts";
import { type EditorState, EMPTY_EDITOR } from "./editor-state.ts";
import { lineEnd, lineStart, nextCell, previousCell, wordEnd, wordStart } from "./moves.ts";
import { expandPastes, isLarge, normaliseLines, placeholder } from "./pastes.ts";
import { opensWord, typedPieces } from "./typed-pieces.ts";

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
  /** Typed text. */
  | { readonly type: "insert"; readonly text: string }
  /** A bracketed paste: never sends, collapses when it is large. */
  | { readonly type: "paste"; readonly text: string }
  | { readonly type: "newline" }
  /** Sends; after a backslash it begins a new line instead. */
  | { readonly type: "enter" }
  | { readonly type: "move"; readonly to: Move }
  /**
   * Deletes from the cursor to where the move would go: `left` is Backspace, `line-start` is Ctrl-U. What is more than one
   * character is killed: `yank` brings it back.
   */
  | { readonly type: "delete"; readonly to: Exclude<Move, "up" | "down"> }
  /** Puts a completion in place of a part of the text. */
  | { readonly type: "replace"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly type: "load"; readonly text: string }
  | { readonly type: "history"; readonly to: "previous" | "next" }
  | { readonly type: "clear" }
  /** Puts the cursor somewhere. */
  | { readonly type: "place"; readonly cursor: number }
  /** Takes a part out; `killed` is what yank brings back then, by default that part. */
  | { readonly type: "cut"; readonly start: number; readonly end: number; readonly killed?: string }
  /** Lets yank bring back a text. */
  | { readonly type: "copy"; readonly text: string }
  /** Inserts what was killed. */
  | { readonly type: "yank" }
  | { readonly type: "undo" }
  | { readonly type: "redo" };

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

/** Applies one action. What it changes, `undo` brings back. */
export function edit(state: EditorState, action: EditorAction, facts: EditorFacts): EditorStep {
  switch (action.type) {
    case "insert":
      return { state: type(state, action.text) };
    case "newline":
      return { state: remembered(state, insert(state, "\n"), "typing") };
    case "delete":
      return { state: erase(state, action.to) };
    case "history":
      return { state: recall(state, action.to === "previous" ? -1 : 1, facts.history) };
    case "enter":
      return enter(state);
    case "move":
      return { state: move(state, action.to, facts) };
    case "place": {
      const { column: _, ...rest } = state;
      return { state: remembered(state, { ...rest, cursor: action.cursor }, undefined) };
    }
    case "copy":
      return { state: withCopied(state, state, action.text) };
    case "cut": {
      const { start, end, killed = expandPastes(state.text.slice(start, end), state.pastes) } = action;
      return { state: withCopied(state, replace(state, start, end, ""), killed) };
    }
    case "undo":
      return { state: undone(state) };
    case "redo":
      return { state: redone(state) };
    default:
      return { state: remembered(state, changed(state, action), undefined) };
  }
}

/** The state after an action that is a step of its own. */
function changed(
  state: EditorState,
  action: Extract<EditorAction, { type: "paste" | "replace" | "load" | "clear" | "yank" }>,
): EditorState {
  switch (action.type) {
    case "paste":
      return paste(state, action.text);
    case "yank":
      return paste(state, memoryOf(state).killed);
    case "replace":
      return replace(state, action.start, action.end, action.text);
    case "load":
      return { ...EMPTY_EDITOR, text: action.text, cursor: action.text.length };
    case "clear":
      return EMPTY_EDITOR;
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

/** However the text was cut into chunks, it has the same effect. */
function type(state: EditorState, text: string): EditorState {
  const pieces = typedPieces(normaliseLines(text), state.text.slice(state.cursor, state.cursor + 1));
  return pieces.reduce((now, piece) => {
    // A piece may have joined with what stands behind the cursor, so the text says what is in front of it.
    const before = now.text.slice(0, now.cursor).slice(-1);
    const joins = memoryOf(now).run === "typing" && !opensWord(piece, before);
    return remembered(now, insert(now, piece), "typing", joins);
  }, state);
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
  if (state.text[state.cursor - 1] === "\\") {
    const broken = replace(state, state.cursor - 1, state.cursor, "\n");
    return { state: remembered(state, broken, undefined) };
  }
  const send = fullText(state);
  return send.trim() === "" ? { state } : { state: afterSend(state, EMPTY_EDITOR), send };
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

/** One character is deleted; more than one is killed. */
function erase(state: EditorState, move: Exclude<Move, "up" | "down">): EditorState {
  const to = target(state, move);
  if (to === state.cursor) return state;
  const [start, end] = to < state.cursor ? [to, state.cursor] : [state.cursor, to];
  const next = replace(state, start, end, "");
  if (move === "left" || move === "right") return remembered(state, next, "erasing");
  const killed = expandPastes(state.text.slice(start, end), state.pastes);
  return withKilled(state, next, killed, to < state.cursor ? "before" : "after");
}

function move(state: EditorState, to: Move, facts: EditorFacts): EditorState {
  if (to === "up" || to === "down") return moveRow(state, to === "up" ? -1 : 1, facts);
  const { column: _, ...rest } = state;
  return remembered(state, { ...rest, cursor: target(state, to) }, undefined);
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
  if (next === undefined || (by < 0 && isFresh(state, facts.history)))
    return recall(state, by, facts.history);
  const column = state.column ?? place.column;
  return remembered(state, { ...state, column, cursor: cursorAt(next, column) }, undefined);
}

/** Whether a recalled entry stands as it came, so that Up goes on to an older one, over all its rows. */
function isFresh({ text, cursor, recall: shown }: EditorState, history: readonly string[]): boolean {
  return shown !== undefined && cursor === text.length && text === history[shown.index];
}

/** Shows an older or newer entry, with the cursor behind it; after the newest comes the draft that was left. */
function recall(state: EditorState, by: -1 | 1, history: readonly string[]): EditorState {
  const index = (state.recall?.index ?? history.length) + by;
  const { memory: _, ...now } = state;
  const draft = state.recall?.draft ?? now;
  if (index < 0 || index > history.length) return state;
  const entry = history[index];
  const shown =
    entry === undefined
      ? draft
      : { text: entry, cursor: entry.length, pastes: new Map(), recall: { index, draft } };
  return remembered(state, shown, "recalling");
}
