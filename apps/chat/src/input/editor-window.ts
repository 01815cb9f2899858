/** The part of the editor that is drawn: at most `rows` rows around the cursor. */
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { editorRows } from "./editor.ts";
import { cursorPlace } from "./editor-layout.ts";
import type { EditorState } from "./editor-state.ts";

/** The editor never grows beyond this: the live region has to stay shorter than the window. */
export const MAX_EDITOR_ROWS = 8;

/** What is drawn of the editor. */
export interface EditorWindow {
  readonly rows: readonly SafeText[];
  /** In the drawn rows, from 0. */
  readonly cursor: { readonly row: number; readonly column: number };
  /** Rows that are scrolled away. */
  readonly above: number;
  readonly below: number;
}

/** Cuts the rows of the editor to a window in which the cursor is, scrolled no further than needed. */
export function editorWindow(
  state: EditorState,
  width: number,
  maxRows: number = MAX_EDITOR_ROWS,
): EditorWindow {
  const rows = editorRows(state, width);
  const place = cursorPlace(rows, state.cursor);
  const height = Math.max(1, Math.min(maxRows, MAX_EDITOR_ROWS, rows.length));
  const top = Math.min(Math.max(0, place.row - height + 1), rows.length - height);
  return {
    rows: rows
      .slice(top, top + height)
      .map((row) => row.cells.reduce((text, cell) => safe`${text}${cell.shown}`, safe``)),
    cursor: { row: place.row - top, column: place.column },
    above: top,
    below: rows.length - top - height,
  };
}
