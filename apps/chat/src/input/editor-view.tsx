import { Box, useCursor } from "ink";
import type { ReactElement } from "react";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { type Line, paint, type Span, span } from "../terminal/styled.ts";
import { Text } from "../terminal/text.tsx";
import type { Theme } from "../terminal/theme.ts";
import { graphemes, graphemeWidth, widthOf } from "../terminal/width.ts";
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
  /** Whether the cursor is drawn, because the terminal's own one is needed elsewhere. */
  readonly drawsCursor?: boolean;
}

/** Draws the editor: prompt, text, and the cursor; `↑3` and `↓3` tell of rows that are scrolled away. */
export function EditorView(props: EditorViewProps): ReactElement {
  const { state, theme, width, rows, hint, origin, drawsCursor = false } = props;
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
          ...(drawsCursor && at === view.cursor.row ? withCursor(text, view.cursor.column) : [text]),
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

/** The text with the cell of the cursor marked. */
function withCursor({ text, style }: Span, column: number): Line {
  let before = safe``;
  let under = safe``;
  let after = safe``;
  let at = 0;
  for (const grapheme of graphemes(text)) {
    if (at < column) before = safe`${before}${grapheme}`;
    else if (at === column) under = grapheme;
    else after = safe`${after}${grapheme}`;
    at += graphemeWidth(grapheme);
  }
  return [
    span(before, style),
    span(under === "" ? safe` ` : under, { ...style, inverse: true }),
    span(after, style),
  ];
}
