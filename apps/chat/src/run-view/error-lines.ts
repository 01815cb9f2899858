/** An error with everything that led to it. */
import type { EventError } from "@orch/core";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import type { ValueStyle } from "./value-lines.ts";

/** Causes that are followed. */
const MAX_DEPTH = 10;

/** Draws an error: what it says, its code, its way out, and its causes below it. */
export function errorLines(error: EventError, style: ValueStyle, depth = 0): readonly Line[] {
  const { theme, width } = style;
  const { code, status, fix, cause, errors = [] } = error;
  const facts = [code, status === undefined ? undefined : `HTTP ${status}`].filter(
    (fact) => fact !== undefined,
  );
  const margin: Line = [{ text: safe`  ` }];
  const inner = { ...style, width: Math.max(8, width - 2) };
  const below = (lines: readonly Line[]): readonly Line[] => indentLines(lines, margin, margin);
  const words = (text: SafeText): Line[] => wrapLine([span(text, theme.styles.dim)], inner.width);
  const lines: Line[] = [
    ...indentLines(
      wrapLine([{ text: shown(error.message) }], inner.width),
      [span(safe`${theme.glyphs.failed} `, theme.styles.failed)],
      margin,
    ),
    ...(facts.length === 0 ? [] : below(words(shown(`${error.name} · ${facts.join(" · ")}`)))),
    ...(fix === undefined ? [] : below(words(safe`${theme.glyphs.into} ${shown(fix)}`))),
  ];
  if (depth >= MAX_DEPTH) return lines;
  const caused = (title: SafeText, other: EventError): readonly Line[] =>
    below([...words(title), ...errorLines(other, inner, depth + 1)]);
  return [
    ...lines,
    ...(cause === undefined ? [] : caused(safe`because of`, cause)),
    ...errors.flatMap((each, at) => caused(safe`error ${at + 1} of ${errors.length}`, each)),
  ];
}

function shown(text: string): SafeText {
  return visibleText(text, { multiline: true });
}
