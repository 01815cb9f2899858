/** A value in full, for who has to decide about it. Nothing is hidden: what cannot be seen has a name, and lines are whole. */
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";
import { type Line, type Style, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import { lineDiff } from "./line-diff.ts";

/** How a value is drawn. */
export interface ValueLook {
  readonly width: number;
  readonly theme: Theme;
  /** `word` for words that are read; `hard`, the default, for values of which no space may be lost. */
  readonly mode?: "word" | "hard";
}

/** Names under which tools take what a file had and what it gets. */
const EDITS: readonly (readonly [before: string, after: string])[] = [
  ["old_string", "new_string"],
  ["oldString", "newString"],
  ["old_text", "new_text"],
  ["oldText", "newText"],
  ["old_str", "new_str"],
  ["before", "after"],
  ["search", "replace"],
];
const PATCHES: ReadonlySet<string> = new Set(["diff", "patch"]);
const MAX_DEPTH = 8;

/** The rows of a value. */
export function valueLines(value: unknown, style: ValueLook, depth: number = 0): readonly Line[] {
  if (typeof value === "string") return textLines(value, style);
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH)
    return wrapped(jsonOf(value), style, undefined);
  const entries = Object.entries(value);
  if (entries.length === 0) return wrapped(Array.isArray(value) ? "[]" : "{}", style, style.theme.styles.dim);
  if (Array.isArray(value))
    return entries.flatMap(([at, item]) => named(String(Number(at) + 1), item, style, depth));
  const edit = EDITS.find(([before, after]) => isText(value, before) && isText(value, after));
  const others = entries.filter(([key]) => edit?.includes(key) !== true);
  const lines = others.flatMap(([key, item]) =>
    PATCHES.has(key) && typeof item === "string"
      ? [label(key, style), ...patchLines(item, style)]
      : named(key, item, style, depth),
  );
  if (edit === undefined) return lines;
  const [before, after] = edit.map((key) => (value as Record<string, string>)[key]!) as [string, string];
  const title = label(`${edit[0]} → ${edit[1]}`, style);
  const diff = lineDiff(before, after).flatMap(({ mark, text }) => marked(`${mark} ${text}`, style));
  return [...lines, title, ...diff];
}

function isText(value: object, key: string): boolean {
  return Object.hasOwn(value, key) && typeof (value as Record<string, unknown>)[key] === "string";
}

function named(key: string, value: unknown, style: ValueLook, depth: number): readonly Line[] {
  const { theme, width } = style;
  const name = visibleText(key);
  const isShort = typeof value === "string" ? !value.includes("\n") : typeof value !== "object";
  const inside = { ...style, width: Math.max(1, width - 2) };
  const rows = valueLines(value, inside, depth + 1);
  if ((isShort || value === null) && rows.length === 1)
    return wrapLine([span(safe`${name}  `, theme.styles.dim), ...rows[0]!], width);
  const indent: Line = [{ text: safe`  ` }];
  return [label(key, style), ...indentLines(rows, indent, indent)];
}

function label(key: string, { theme, width }: ValueLook): Line {
  return wrapLine([span(visibleText(key), theme.styles.dim)], width)[0] ?? [];
}

function textLines(text: string, style: ValueLook): readonly Line[] {
  return text.split("\n").flatMap((line) => wrapped(line.replaceAll("\t", "    "), style, undefined));
}

function patchLines(text: string, style: ValueLook): readonly Line[] {
  return text.split("\n").flatMap((line) => marked(line, style));
}

/** A line of a diff, in the colour of its mark. */
function marked(line: string, style: ValueLook): readonly Line[] {
  const { styles } = style.theme;
  const look = line.startsWith("+") ? styles.added : line.startsWith("-") ? styles.removed : undefined;
  return wrapped(line.replaceAll("\t", "    "), style, look);
}

function wrapped(
  text: string,
  { width, mode = "hard" }: ValueLook,
  look: Style | undefined,
): readonly Line[] {
  const shown: SafeText = visibleText(text);
  return wrapLine([span(shown, look)], width, { mode });
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
