import type { Tokens } from "marked";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { type Line, plainText, type Span, span } from "../terminal/styled.ts";
import { indentLines, repeat, widthOf, wrapLine } from "../terminal/width.ts";
import { inlineSpans } from "./inline.ts";
import type { MarkdownStyle } from "./markdown.ts";

/** Below this many cells a table is drawn as `key: value` lists. */
const NARROW = 60;
/** A column is not squeezed below this. */
const MIN_COLUMN = 4;
const GAP = 2;

/** Draws a table in columns, or as one list per row where there is no room for columns. */
export function tableLines(table: Tokens.Table, style: MarkdownStyle, hasHeader = true): Line[] {
  const columns = columnWidths(table, style);
  if (columns === undefined) return recordLines(table, style);
  const { theme } = style;
  const rows = table.rows.flatMap((row) =>
    rowLines(
      row.map((cell) => inlineSpans(cell.tokens, theme)),
      columns,
      table,
    ),
  );
  if (!hasHeader) return rows;
  const header = table.header.map((cell) => inlineSpans(cell.tokens, theme, theme.styles.strong));
  const rule = columns.map((width) => repeat(theme.glyphs.rule, width)).join("  ") as SafeText;
  return [...rowLines(header, columns, table), [span(rule, theme.styles.rule)], ...rows];
}

function recordLines(table: Tokens.Table, style: MarkdownStyle): Line[] {
  const { theme, width } = style;
  const keys = table.header.map((cell) => inlineSpans(cell.tokens, theme, theme.styles.strong));
  if (table.rows.length === 0) return keys.flatMap((key) => wrapLine(key, width, style));
  return table.rows.flatMap((row, at) => {
    const lines = row.flatMap((cell, column) => {
      const value = inlineSpans(cell.tokens, theme);
      const spans = [...(keys[column] ?? []), span(safe`: `, theme.styles.dim), ...value];
      const [first = [], ...rest] = wrapLine(spans, Math.max(MIN_COLUMN, width - 2), style);
      return [first, ...indentLines(rest, [{ text: safe`  ` }], [{ text: safe`  ` }])];
    });
    return at === 0 ? lines : [[], ...lines];
  });
}

/** Natural widths, or widths cut to the share that each column can have; `undefined` when there is no room. */
function columnWidths(table: Tokens.Table, style: MarkdownStyle): number[] | undefined {
  const count = table.header.length;
  const room = style.width - GAP * (count - 1);
  if (style.theme.spoken || style.width < NARROW || room < count * MIN_COLUMN) return undefined;
  const natural = table.header.map((cell, column) => {
    const cells = [cell, ...table.rows.map((row) => row[column]!)];
    const widths = cells.map((each) => widthOf(plainText(inlineSpans(each.tokens, style.theme))));
    return widths.reduce((widest, width) => Math.max(widest, width), 1);
  });
  return squeeze(natural, room);
}

/** Gives narrow columns their full width, and shares the remaining width among the wide ones. */
function squeeze(natural: readonly number[], room: number): number[] {
  const widths = natural.map(() => 0);
  let left = room;
  const order = natural.map((_, column) => column).sort((a, b) => natural[a]! - natural[b]!);
  for (const [at, column] of order.entries()) {
    const share = Math.floor(left / (order.length - at));
    widths[column] = Math.min(natural[column]!, Math.max(MIN_COLUMN, share));
    left -= widths[column]!;
  }
  return widths;
}

function rowLines(cells: readonly Span[][], columns: readonly number[], table: Tokens.Table): Line[] {
  const wrapped = columns.map((width, column) => wrapLine(cells[column] ?? [], width));
  const height = wrapped.reduce((tallest, lines) => Math.max(tallest, lines.length), 1);
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap((width, column): Span[] => {
      const line = wrapped[column]![row] ?? [];
      const free = Math.max(0, width - widthOf(plainText(line)));
      const last = column === columns.length - 1;
      const align = table.align[column];
      const before = align === "right" ? free : align === "center" ? free >> 1 : 0;
      const after = last ? 0 : free - before + GAP;
      return [{ text: repeat(safe` `, before) }, ...line, { text: repeat(safe` `, after) }];
    }),
  );
}
