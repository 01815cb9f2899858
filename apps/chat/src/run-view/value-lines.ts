/** Draws a value as indented lines: fields by name, lists by dashes, and texts as they are. */
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, repeat, wrapLine } from "../terminal/width.ts";

/** Lines and characters of one value; an export has the rest. */
const MAX_LINES = 4000;
const MAX_TEXT = 200_000;
/** What is deeper is one line of JSON. */
const MAX_DEPTH = 12;
const STEP = 2;

/** How a value is drawn. */
export interface ValueStyle {
  readonly width: number;
  readonly theme: Theme;
}

/** Draws a value. Hidden characters are shown as marks. */
export function valueLines(value: unknown, style: ValueStyle): readonly Line[] {
  const lines: Line[] = [];
  for (const line of linesOf(value, style, 0)) {
    if (lines.length >= MAX_LINES) {
      lines.push([span(safe`${style.theme.glyphs.ellipsis} an export has the rest`, style.theme.styles.dim)]);
      break;
    }
    lines.push(line);
  }
  return lines;
}

function* linesOf(value: unknown, style: ValueStyle, depth: number): Iterable<Line> {
  const { theme, width } = style;
  if (typeof value === "string" || typeof value !== "object" || value === null || depth >= MAX_DEPTH) {
    yield* scalarLines(value, style);
    return;
  }
  const isList = Array.isArray(value);
  const fields: readonly (readonly [string, unknown])[] = isList
    ? value.map((item, at) => [String(at), item])
    : Object.entries(value);
  if (fields.length === 0) {
    yield [span(isList ? safe`[]` : safe`{}`, theme.styles.dim)];
    return;
  }
  const room = { ...style, width: Math.max(8, width - STEP) };
  const indent: Line = [{ text: repeat(safe` `, STEP) }];
  for (const [key, item] of fields) {
    const name: Line = isList
      ? [span(safe`- `, theme.styles.bullet)]
      : [span(visibleText(key), theme.styles.accent), span(safe`: `, theme.styles.dim)];
    if (isShort(item)) {
      yield* indentLines(wrapLine([...name, ...scalarLine(item, theme)], width), [], indent);
      continue;
    }
    let first = true;
    if (!isList) yield name;
    for (const line of linesOf(item, room, depth + 1)) {
      yield isList && first ? [...name, ...line] : [...indent, ...line];
      first = false;
    }
  }
}

/** What stands behind its name. */
function isShort(value: unknown): boolean {
  if (typeof value === "string") return value.length <= 200 && !value.includes("\n");
  if (typeof value !== "object" || value === null) return true;
  return Object.keys(value).length === 0;
}

function scalarLine(value: unknown, theme: Theme): Line {
  if (typeof value === "string") return [span(value === "" ? safe`""` : visibleText(value))];
  return [span(wordOf(value), theme.styles.number)];
}

function scalarLines(value: unknown, { width, theme }: ValueStyle): readonly Line[] {
  if (typeof value !== "string") return wrapLine([span(wordOf(value), theme.styles.number)], width);
  if (value === "") return [[span(safe`""`, theme.styles.dim)]];
  const text = visibleText(value.slice(0, MAX_TEXT), { multiline: true });
  const more = value.length - MAX_TEXT;
  const rest: Line = [
    span(safe`${theme.glyphs.ellipsis} ${Math.max(0, more)} characters more`, theme.styles.dim),
  ];
  return [...wrapLine([{ text }], width), ...(more > 0 ? [rest] : [])];
}

function wordOf(value: unknown): SafeText {
  if (value === undefined) return safe`nothing`;
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return visibleText((text ?? String(value)).slice(0, MAX_TEXT));
}
