/** The last lines of the view of a run: a message, what is being written, or the keys. */
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, truncateLine, truncateStart, widthOf, wrapLine } from "../terminal/width.ts";
import type { RunViewNote, RunViewState } from "./run-view-state.ts";

/** What they are drawn from. */
export interface RunFootFacts {
  readonly state: RunViewState;
  readonly note?: RunViewNote;
  readonly theme: Theme;
}

/** What is written, what was said, or which keys there are. */
export function footLines(
  { state, note, theme }: RunFootFacts,
  width: number,
  most: number,
): readonly Line[] {
  const { styles, glyphs } = theme;
  const said: readonly Line[] =
    note === undefined
      ? []
      : indentLines(
          wrapLine([span(note.text, styles[note.tone])], Math.max(1, width - 3)).slice(0, most),
          [span(safe` ${glyphs[note.tone]} `, styles[note.tone])],
          [{ text: safe`   ` }],
        );
  if (state.value !== undefined)
    return [...said.slice(0, Math.max(0, most - 1)), valueLine(state.value, theme, width)];
  if (said.length > 0) return said;
  if (!state.filtering) return [truncateLine([span(safe` ${hintOf(state, width)}`, styles.dim)], width)];
  const typed: Line = [
    span(safe` /`, styles.accent),
    span(visibleText(state.filter)),
    span(glyphs.caret, styles.accent),
  ];
  return [truncateLine(typed, width)];
}

/** The value that is being written; its end is what counts. */
function valueLine({ purpose, text }: NonNullable<RunViewState["value"]>, theme: Theme, width: number): Line {
  const { styles, glyphs } = theme;
  const head = safe` ${purpose === "input" ? safe`input` : safe`output`} ${glyphs.prompt} `;
  const room = Math.max(1, width - widthOf(head) - 1);
  return [
    span(head, styles.accent),
    span(truncateStart(visibleText(text), room)),
    span(glyphs.caret, styles.accent),
  ];
}

function hintOf(state: RunViewState, width: number): SafeText {
  if (state.sheet === "export") return safe`1-5 write a file · Esc back`;
  if (state.sheet !== undefined) return safe`↑↓ scroll · Esc back`;
  if (state.full || state.reading) return safe`↑↓ scroll · c copy · Esc back · ? keys`;
  return HINTS.find((hint) => widthOf(hint) < width) ?? safe`? keys · q close`;
}

const HINTS: readonly SafeText[] = [
  safe`↑↓ move · Tab details · Enter full · / filter · f fork · x export · g graph · ? keys · q close`,
  safe`↑↓ move · Enter full · / filter · ? keys · q close`,
  safe`Enter full · ? keys · q close`,
];
