import { renderToString } from "ink";
import { expect, test } from "vitest";
import { safeText } from "../terminal/safe-text.ts";
import { createTheme } from "../terminal/theme.ts";
import { EMPTY_EDITOR } from "./editor-state.ts";
import { EditorView } from "./editor-view.tsx";

const theme = createTheme({ env: { NO_COLOR: "1" } });

test("the editor's view shows its prompt, its hint, and what is scrolled away", () => {
  const hint = safeText("Ask, or / for commands");
  expect(renderToString(<EditorView state={EMPTY_EDITOR} theme={theme} width={40} hint={hint} />)).toBe(
    `› ${hint}`,
  );
  const text = Array.from({ length: 12 }, (_, at) => `row ${at}\u001b[2J`).join("\n");
  const drawn = renderToString(
    <EditorView
      state={{ ...EMPTY_EDITOR, text, cursor: 0 }}
      theme={theme}
      width={40}
      rows={3}
      origin={{ x: 0, y: 0 }}
    />,
  );
  expect(drawn.split("\n")).toEqual(["› row 0⟨U+001B⟩[2J", "  row 1⟨U+001B⟩[2J", "  row 2⟨U+001B⟩[2J ↓9"]);
});
