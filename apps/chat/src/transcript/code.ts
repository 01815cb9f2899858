import { type SafeText, safe } from "../terminal/safe-text.ts";
import { type Line, type Span, span } from "../terminal/styled.ts";
import { repeat, wrapLine } from "../terminal/width.ts";
import type { CodeSpan } from "./highlighter.ts";
import type { MarkdownStyle } from "./markdown.ts";

/** Draws code: its language dim above, then its lines as they are, so that they can be taken out. */
export function codeLines(code: SafeText, info: SafeText, style: MarkdownStyle): Line[] {
  const { glyphs, styles } = style.theme;
  const rule = repeat(glyphs.rule, 3);
  const head = span(info === "" ? rule : safe`${rule} ${info}`, styles.dim);
  return [...wrapLine([head], style.width, style), ...codeBody(code, info, style)];
}

/** The lines of a piece of code, without its language. */
export function codeBody(code: SafeText, info: SafeText, style: MarkdownStyle): Line[] {
  const pieces: readonly CodeSpan[] = style.highlighter?.highlight(languageOf(info), code) ?? [
    { text: code },
  ];
  const spans: Span[] = pieces.map(({ text, role }) => span(text, role && style.theme.styles[role]));
  return wrapLine(spans, style.width, { mode: "hard", soft: style.soft ?? false });
}

/** The language in a fence's info string: its first word. */
export function languageOf(info: string): string {
  const space = info.indexOf(" ");
  return space < 0 ? info : info.slice(0, space);
}
