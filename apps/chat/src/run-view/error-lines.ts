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
  const lines: Line[] = [
    ...wrapLine(
      [span(safe`${theme.glyphs.failed} `, theme.styles.failed), span(shown(error.message))],
      width,
    ),
    ...(facts.length === 0
      ? []
      : [[span(safe`  ${shown(`${error.name} · ${facts.join(" · ")}`)}`, theme.styles.dim)]]),
    ...(fix === undefined
      ? []
      : wrapLine([span(safe`  ${theme.glyphs.into} ${shown(fix)}`, theme.styles.dim)], width)),
  ];
  if (depth >= MAX_DEPTH) return lines;
  const inner = { ...style, width: Math.max(8, width - 2) };
  const below = (title: SafeText, other: EventError): readonly Line[] => {
    const margin: Line = [{ text: safe`  ` }];
    return indentLines(
      [[span(title, theme.styles.dim)], ...errorLines(other, inner, depth + 1)],
      margin,
      margin,
    );
  };
  return [
    ...lines,
    ...(cause === undefined ? [] : below(safe`because of`, cause)),
    ...errors.flatMap((each, at) => below(safe`error ${at + 1} of ${errors.length}`, each)),
  ];
}

function shown(text: string): SafeText {
  return visibleText(text, { multiline: true });
}
