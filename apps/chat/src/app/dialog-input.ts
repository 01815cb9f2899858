/** What keys mean while a command asks something: the input is for the answer alone, and nothing of it is remembered. */
import { edit, editorCells, fullText } from "../input/editor.ts";
import { type EditorState, EMPTY_EDITOR } from "../input/editor-state.ts";
import type { Intent } from "../input/keymap.ts";
import type { AppFacts } from "./app-facts.ts";
import type { AppState, AppStep, Effect } from "./app-state.ts";
import { closed, without } from "./popup.ts";

/** A question of a command. */
export interface DialogState {
  /** Whether what is typed is not shown: a key. */
  readonly hidden: boolean;
  /** What stood in the input before, and comes back after it. */
  readonly before: EditorState;
}

/** Puts the input aside for an answer. */
export function asked(state: AppState, hidden: boolean): AppState {
  const before = state.dialog?.before ?? state.editor;
  return { ...closed(without(state, "searching")), dialog: { hidden, before }, editor: EMPTY_EDITOR };
}

/** What a key does while a command asks; `undefined` where none does, and for keys that are the screen's own. */
export function dialogStep(state: AppState, intent: Intent, facts: AppFacts): AppStep | undefined {
  const { dialog, editor } = state;
  if (dialog === undefined) return undefined;
  const reply = (text?: string): AppStep => replied(state, dialog, text);
  switch (intent.type) {
    case "edit": {
      const next = edit(editor, intent.action, { width: facts.width, history: [] });
      return { state: { ...state, editor: next.state }, effects: [] };
    }
    case "enter":
      return reply(fullText(editor));
    case "escape":
    case "interrupt":
      return reply();
    case "end":
      return editor.text === "" ? reply() : { state, effects: [] };
    case "repaint":
    case "suspend":
      return undefined;
    default:
      return { state, effects: [] };
  }
}

/** A paste into the answer: as one line, because a key is copied with the line feed behind it. */
export function dialogPaste(state: AppState, text: string, { width }: AppFacts): AppState {
  const line = text.replace(/[\r\n]+/g, " ").trim();
  return {
    ...state,
    editor: edit(state.editor, { type: "insert", text: line }, { width, history: [] }).state,
  };
}

/** The input as it is drawn: what is hidden is dots. */
export function drawnEditor({ editor, dialog }: AppState): EditorState {
  if (dialog?.hidden !== true) return editor;
  const cells = editorCells(editor);
  const cursor = cells.filter(({ end }) => end <= editor.cursor).length;
  return { text: "*".repeat(cells.length), cursor, pastes: new Map() };
}

/** The typed text goes to whoever asked, and what stood in the input before comes back: nothing keeps the answer. */
function replied(state: AppState, { before }: DialogState, text: string | undefined): AppStep {
  const effect: Effect = { type: "reply", ...(text !== undefined && { text }) };
  return { state: { ...without(state, "dialog"), editor: before }, effects: [effect] };
}
