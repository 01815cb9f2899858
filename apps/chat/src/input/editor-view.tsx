import { Box, useCursor } from "ink";
import type { ReactElement } from "react";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { paint, span } from "../terminal/styled.ts";
import { Text } from "../terminal/text.tsx";
import type { Theme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import type { EditorState } from "./editor-state.ts";
import { editorWindow } from "./editor-window.ts";

/** What the editor's view is drawn from. */
export interface EditorViewProps {
  readonly state: EditorState;
  readonly theme: Theme;
  /** Cells of the text, without the prompt; the same as in `EditorFacts`. */
  readonly width: number;
  /** Rows at most; never more than eight. */
  readonly rows?: number;
  /** Shown while the editor is empty. */
  readonly hint?: SafeText;
  /**
   * Where the view stands in Ink's output, for the terminal's own cursor, which input methods follow.
   * Absent: no cursor is placed.
   */
  readonly origin?: { readonly x: number; readonly y: number };
}

/** Draws the editor: prompt, text, and the cursor; `↑3` and `↓3` tell of rows that are scrolled away. */
export function EditorView({ state, theme, width, rows, hint, origin }: EditorViewProps): ReactElement {
  const { setCursorPosition } = useCursor();
  const view = editorWindow(state, width, rows);
  const prompt = safe`${theme.glyphs.prompt} `;
  const margin = widthOf(prompt);
  setCursorPosition(origin && { x: origin.x + margin + view.cursor.column, y: origin.y + view.cursor.row });
  return (
    <Box flexDirection="column">
      {view.rows.map((row, at) => {
        const first = at === 0 && view.above === 0;
        const last = at === view.rows.length - 1;
        const note =
          last && view.below > 0
            ? safe` ↓${view.below}`
            : at === 0 && view.above > 0
              ? safe` ↑${view.above}`
              : safe``;
        const text = state.text === "" && hint !== undefined ? span(hint, theme.styles.dim) : span(row);
        const line = [
          span(first ? prompt : safe`  `, theme.styles.accent),
          text,
          span(note, theme.styles.dim),
        ];
        return (
          // Rows have no identity beyond their place.
          <Text key={at} wrap="truncate">
            {paint(line, theme.colours)}
          </Text>
        );
      })}
    </Box>
  );
}
