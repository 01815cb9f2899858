import { type SafeText, safe } from "../terminal/safe-text.ts";
import { type Line, type Span, span } from "../terminal/styled.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import type { CodeSpan } from "./highlighter.ts";
import type { MarkdownStyle } from "./markdown.ts";

const INDENT: Line = [{ text: safe`  ` }];

/** Draws code: its language dim above, then every line whole, indented by two, long ones filled to the edge. */
export function codeLines(code: SafeText, info: SafeText, style: MarkdownStyle): Line[] {
  const lines = codeBody(code, info, style);
  return info === ""
    ? lines
    : [...wrapLine([span(safe`  ${info}`, style.theme.styles.dim)], style.width), ...lines];
}

/** The lines of a piece of code, without its language. */
export function codeBody(code: SafeText, info: SafeText, style: MarkdownStyle): Line[] {
  const pieces: readonly CodeSpan[] = style.highlighter?.highlight(languageOf(info), code) ?? [
    { text: code },
  ];
  const spans: Span[] = pieces.map(({ text, role }) => span(text, role && style.theme.styles[role]));
  const lines = wrapLine(spans, Math.max(1, style.width - 2), { mode: "hard" });
  return indentLines(lines, INDENT, INDENT);
}

/** The language in a fence's info string: its first word. */
export function languageOf(info: string): string {
  const space = info.indexOf(" ");
  return space < 0 ? info : info.slice(0, space);
}
