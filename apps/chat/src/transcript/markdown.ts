/**
 * Markdown to lines: marked reads it, we draw it. The source is untrusted; every style is ours, and
 * nothing of the source reaches a line without being cleaned after it was read.
 */
import { Lexer, type Token, type Tokens } from "marked";
import { type SafeText, safe, safeNumber, safeText } from "../terminal/safe-text.ts";
import { type Line, type Span, type Style, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, repeat, wrapLine } from "../terminal/width.ts";
import { codeLines } from "./code.ts";
import type { Highlighter } from "./highlighter.ts";
import { ALL_INK, type InkPart, inkOf } from "./ink-part.ts";
import { inlineSpans } from "./inline.ts";
import { tableLines } from "./table.ts";

/** How markdown is drawn. */
export interface MarkdownStyle {
  /** Cells per row. */
  readonly width: number;
  readonly theme: Theme;
  /** Code and words that are longer than a row are left for the terminal to break, so that they can be taken out whole. Not for what is redrawn. */
  readonly soft?: boolean;
  /** Absent: code is drawn plain. */
  readonly highlighter?: Highlighter;
}

/** Nesting below this is drawn flat. */
const MIN_WIDTH = 8;
/** A line that opens more quotes and lists than this is shown as it is. */
const MAX_NESTING = 32;

/**
 * Draws one block of markdown, or a few; `drawMarkdown` in `block-stream.ts` draws a whole text.
 * `continues` leaves out the header of a table, because it was drawn with its first rows.
 */
export function blockLines(
  source: SafeText,
  style: MarkdownStyle,
  continues = false,
  part: InkPart = ALL_INK,
): Line[] {
  const tokens = readMarkdown(source);
  if (tokens === undefined) return wrapLine(inkOf([{ text: source }], part), style.width, style);
  if (part !== ALL_INK) return partLines(tokens, style, part);
  const only = tokens[0];
  if (continues && only?.type === "table") return tableLines(only as Tokens.Table, style, false);
  return drawTokens(tokens, style, false);
}

/** The text of a block that is one paragraph or heading. */
export function paragraphSpans(source: SafeText, theme: Theme): Line | undefined {
  const tokens = readMarkdown(source);
  return tokens?.length === 1 ? textOf(tokens[0] as Tokens.Generic, theme) : undefined;
}

function textOf(token: Tokens.Generic, theme: Theme): Line | undefined {
  if (token.type === "paragraph" || token.type === "text") return paragraph(token, theme);
  if (token.type !== "heading") return undefined;
  return inlineSpans(token.tokens ?? [], theme, headingStyle(token["depth"], theme));
}

/** A part of the paragraph that comes first, and what follows it where the part goes to the end. */
function partLines(tokens: readonly Token[], style: MarkdownStyle, part: InkPart): Line[] {
  const [first, ...rest] = tokens;
  const text = first === undefined ? undefined : textOf(first as Tokens.Generic, style.theme);
  if (text === undefined) return drawTokens(tokens, style, false);
  const cut = inkOf(text, part);
  const lines = cut.length === 0 ? [] : wrapLine(cut, style.width, style);
  const others = part.to === undefined ? drawTokens(rest, style, false) : [];
  return others.length === 0 ? lines : [...lines, [], ...others];
}

/** The tokens of a text; nothing for what nests beyond reason: marked recurses, and a few thousand `>` overflow its stack. */
export function readMarkdown(source: SafeText): readonly Token[] | undefined {
  if (source.split("\n").some(nestsTooDeep)) return undefined;
  try {
    return new Lexer({ gfm: true }).lex(source);
  } catch {
    return undefined;
  }
}

/** Counts the marks at the start of a line. Each opens a quote or a list inside the previous one. */
function nestsTooDeep(line: string): boolean {
  let depth = 0;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    if (sign === ">" || ("-*+".includes(sign) && line[at + 1] === " ")) depth++;
    else if (sign !== " ") return false;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}

function drawTokens(tokens: readonly Token[], style: MarkdownStyle, tight: boolean): Line[] {
  const lines: Line[] = [];
  for (const token of tokens) {
    const drawn = drawToken(token as Tokens.Generic, style);
    if (drawn.length === 0) continue;
    if (lines.length > 0 && !tight) lines.push([]);
    lines.push(...drawn);
  }
  return lines;
}

function drawToken(token: Tokens.Generic, style: MarkdownStyle): Line[] {
  const { theme, width } = style;
  switch (token.type) {
    case "space":
      return [];
    case "def":
      return wrapLine([span(safeText(token.raw.trimEnd()), theme.styles.dim)], width, style);
    case "heading": {
      const look = headingStyle(token["depth"], theme);
      const text = inlineSpans(token.tokens ?? [], theme, look);
      if (theme.colours) return wrapLine(text, width, style);
      // Without colours the signs are what tells a heading from prose.
      const signs = span(safe`${repeat(safe`#`, token["depth"] as number)} `, look);
      return wrapLine([signs, ...text], width, style);
    }
    case "hr":
      return [[span(repeat(theme.glyphs.rule, Math.min(width - 1, 40)), theme.styles.rule)]];
    case "code": {
      const code = token as Tokens.Code;
      return codeLines(safeText(code.text), safeText(code.lang ?? ""), style);
    }
    case "blockquote": {
      const bar: Line = [span(safe`${theme.glyphs.quote} `, theme.styles.quote)];
      return indentLines(drawTokens(token.tokens ?? [], narrower(style, 2), false), bar, bar);
    }
    case "list":
      return listLines(token as Tokens.List, style);
    case "table":
      return tableLines(token as Tokens.Table, style);
    case "html":
      return wrapLine([{ text: safeText(token.raw.trimEnd()) }], width, style);
    default:
      return wrapLine(paragraph(token, theme), width, style);
  }
}

/** The first level is underlined, because it stands over all others. */
function headingStyle(depth: unknown, { styles }: Theme): Style {
  return depth === 1 ? { ...styles.heading, underline: true } : styles.heading;
}

function paragraph(token: Tokens.Generic, theme: Theme): Span[] {
  return token.tokens === undefined
    ? [{ text: safeText(token.raw.trimEnd()) }]
    : inlineSpans(token.tokens, theme);
}

function listLines(list: Tokens.List, style: MarkdownStyle): Line[] {
  const first = typeof list.start === "number" ? list.start : 1;
  return list.items.flatMap((item, at) => {
    const mark = list.ordered ? safe`${safeNumber(first + at)}. ` : safe`${style.theme.glyphs.bullet} `;
    const body = drawTokens(item.tokens.filter(isContent), narrower(style, mark.length), !item.loose);
    const drawn = indentLines(
      body.length === 0 ? [[]] : body,
      [span(mark, style.theme.styles.bullet), ...checkbox(item)],
      [{ text: repeat(safe` `, mark.length) }],
    );
    return item.loose && at > 0 ? [[], ...drawn] : drawn;
  });
}

function isContent(token: Token): boolean {
  return token.type !== "checkbox";
}

function checkbox(item: Tokens.ListItem): Span[] {
  if (!item.task) return [];
  return [{ text: item.checked === true ? safe`[x] ` : safe`[ ] ` }];
}

function narrower(style: MarkdownStyle, by: number): MarkdownStyle {
  return { ...style, width: Math.max(MIN_WIDTH, style.width - by) };
}
