/** All of what a question is about, for who wants to see it before the answer. */
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { createTheme, type Theme } from "../terminal/theme.ts";
import type { PanelDraft } from "./panel-state.ts";
import { type ValueLook, valueLines } from "./value-lines.ts";

/** The rows: the prompt, and what the state that asks was entered with; of a tool call, its arguments. */
export function viewLines({ asked, edited }: PanelDraft, style: ValueLook): readonly Line[] {
  const { call, prompt, about } = asked;
  if (call !== undefined) {
    const input = valueLines((edited ?? { value: call.input }).value, style);
    return [
      title(edited === undefined ? "arguments" : "arguments, as you edited them", style.theme),
      ...input,
    ];
  }
  const words = valueLines(prompt, { ...style, mode: "word" });
  if (about === undefined || sameValue(about, prompt)) return words;
  return [...words, [], title(`what ${asked.state} was given`, style.theme), ...valueLines(about, style)];
}

/** How many rows there are where the input line has so many cells; where the bar is the short one, a few more than there are. */
export function viewLength(draft: PanelDraft, width: number): number {
  return viewLines(draft, { width: Math.max(1, width - 2), theme: PLAIN }).length;
}

const PLAIN: Theme = createTheme({ tty: false });

function title(text: string, theme: Theme): Line {
  return [span(safe`${safeText(text)}:`, theme.styles.strong)];
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What stands in front of every row of the panel: nothing else on the screen begins with it. */
export function barOf(theme: Theme): Line {
  return [span(safe`${theme.glyphs.bar} `, theme.styles.waiting)];
}
