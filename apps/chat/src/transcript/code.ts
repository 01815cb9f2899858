import { type SafeText, safe } from "../terminal/safe-text.ts";
import { type Line, type Span, span } from "../terminal/styled.ts";
import { repeat, wrapLine } from "../terminal/width.ts";
import type { CodeSpan } from "./highlighter.ts";
import { ALL_INK } from "./ink-part.ts";
import type { MarkdownStyle } from "./markdown.ts";

/** Draws code: its language dim above, then its lines as they are, so that they can be taken out. */
export function codeLines(code: SafeText, info: SafeText, style: MarkdownStyle): Line[] {
  return [...codeHead(info, style), ...codeBody(code, info, style)];
}

/** The language of a piece of code. */
export function codeHead(info: SafeText, style: MarkdownStyle): Line[] {
  const { glyphs, styles } = style.theme;
  const rule = repeat(glyphs.rule, 3);
  const head = span(info === "" ? rule : safe`${rule} ${info}`, styles.dim);
  return wrapLine([head], style.width, style);
}

/** The lines of a piece of code, without its language; `part` counts its lines. */
export function codeBody(code: SafeText, info: SafeText, style: MarkdownStyle, part = ALL_INK): Line[] {
  const pieces: readonly CodeSpan[] = style.highlighter?.highlight(languageOf(info), code) ?? [
    { text: code },
  ];
  const lines: Span[][] = [[]];
  for (const { text, role } of pieces) {
    for (const [at, piece] of (text.split("\n") as SafeText[]).entries()) {
      if (at > 0) lines.push([]);
      lines.at(-1)!.push(span(piece, role && style.theme.styles[role]));
    }
  }
  const how = { mode: "hard", soft: style.soft ?? false } as const;
  return lines.slice(part.from, part.to).flatMap((line) => wrapLine(line, style.width, how));
}

/** The language in a fence's info string: its first word. */
export function languageOf(info: string): string {
  const space = info.indexOf(" ");
  return space < 0 ? info : info.slice(0, space);
}
