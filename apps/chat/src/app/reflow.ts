/**
 * What a terminal does to the live region when its window gets narrower: most break lines that are too
 * long into more rows, and Ink, which counts lines, would erase too few of them.
 */
import type { EditorState } from "../input/editor-state.ts";
import { editorWindow } from "../input/editor-window.ts";
import { plainText } from "../terminal/styled.ts";
import { widthOf } from "../terminal/width.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import type { Frame } from "./frame.ts";

/** Cells of the editor's prompt. */
const PROMPT = 2;

/**
 * Erases a frame that was drawn for a wider window, and leaves the cursor where Ink expects it. Empty
 * when no line of the frame is broken, or when the terminal cuts lines instead of breaking them.
 */
export function eraseReflowed(
  frame: Frame,
  editor: EditorState,
  { columns }: WindowSize,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (!breaksLines(env)) return "";
  const view = editorWindow(editor, frame.editor.width, frame.editor.rows);
  const rowsOf = (width: number): number => Math.max(1, Math.ceil(width / columns));
  const above = [
    ...frame.above.map((line) => widthOf(plainText(line))),
    ...view.rows.slice(0, view.cursor.row).map((row) => PROMPT + widthOf(row)),
  ];
  const cursor = PROMPT + view.cursor.column;
  const up = above.reduce((sum, width) => sum + rowsOf(width), 0) + Math.floor(cursor / columns);
  const expected = above.length;
  const height = frame.above.length + view.rows.length + frame.below.length;
  if (up === expected && frame.below.every((line) => widthOf(plainText(line)) <= columns)) return "";
  // Down by line feeds, which make room at the end of the window, and up again to Ink's row.
  return `${up > 0 ? `\u001b[${up}A` : ""}\r\u001b[J${"\n".repeat(height)}\u001b[${height - expected}A`;
}

function breaksLines(env: Readonly<Record<string, string | undefined>>): boolean {
  const term = env["TERM"] ?? "";
  return env["XTERM_VERSION"] === undefined && !/^(linux|rxvt|st(-|$))/.test(term);
}
