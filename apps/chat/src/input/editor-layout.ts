/** How the text of the editor falls into rows, and where its cursor is in them. */
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { graphemes, truncate, widthOf } from "../terminal/width.ts";

/** A grapheme of many hidden characters is drawn no wider than this. */
const MAX_CELL = 10;

/** A grapheme, or the placeholder of a paste, which moves and is deleted as one. */
export interface Cell {
  /** Where it stands in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The drawn text of the cell. */
  readonly shown: SafeText;
  readonly width: number;
}

/** A row on the screen. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly start: number;
  /** Where its last cell ends; a line feed is not part of a row. */
  readonly end: number;
  /** Whether the line ends here; otherwise it goes on in the next row. */
  readonly hard: boolean;
}

/** The cells of a text. `atoms` are the placeholders that are one cell each. */
export function cellsOf(text: string, atoms: Iterable<string>): Cell[] {
  const cells: Cell[] = [];
  const labels = [...atoms];
  let at = 0;
  while (at < text.length) {
    const next = nextAtom(text, at, labels);
    for (const grapheme of graphemes(text.slice(at, next?.start))) {
      cells.push(cellOf(grapheme, at));
      at += grapheme.length;
    }
    if (next === undefined) break;
    const shown = visibleText(next.label);
    at = next.start + next.label.length;
    cells.push({ start: next.start, end: at, shown, width: widthOf(shown) });
  }
  return cells;
}

function nextAtom(
  text: string,
  from: number,
  labels: readonly string[],
): { start: number; label: string } | undefined {
  let best: { start: number; label: string } | undefined;
  for (const label of labels) {
    const start = text.indexOf(label, from);
    if (start >= 0 && (best === undefined || start < best.start)) best = { start, label };
  }
  return best;
}

function cellOf(grapheme: SafeText, start: number): Cell {
  const end = start + grapheme.length;
  if (grapheme === "\n") return { start, end, shown: safe``, width: 0 };
  if (grapheme === "\t") return { start, end, shown: safe`    `, width: 4 };
  const shown = safeText(grapheme) === grapheme ? grapheme : truncate(visibleText(grapheme), MAX_CELL);
  return { start, end, shown, width: widthOf(shown) };
}

/** Puts cells into rows of at most `width`; rows break after spaces, and inside words that are longer. */
export function rowsOf(cells: readonly Cell[], width: number): Row[] {
  const rows: Row[] = [];
  let row: Cell[] = [];
  let used = 0;
  let start = 0;
  const endRow = (hard: boolean, next: number): void => {
    rows.push({ cells: row, start, end: row.at(-1)?.end ?? start, hard });
    row = [];
    used = 0;
    start = next;
  };
  for (const cell of cells) {
    if (cell.shown === "" && cell.width === 0) {
      endRow(true, cell.end);
      continue;
    }
    if (used + cell.width > width && row.length > 0) {
      const kept = lastBreak(row);
      const moved = kept === 0 || cell.shown === " " ? [] : row.splice(kept);
      endRow(false, moved[0]?.start ?? cell.start);
      row = moved;
      used = moved.reduce((sum, each) => sum + each.width, 0);
      // The word and this cell may still be wider than one row.
      if (used + cell.width > width && row.length > 0) endRow(false, cell.start);
    }
    row.push(cell);
    used += cell.width;
  }
  endRow(true, 0);
  return rows;
}

/** How many cells stay when a row is broken after its last space. */
function lastBreak(row: readonly Cell[]): number {
  for (let at = row.length; at > 0; at--) if (row[at - 1]!.shown === " ") return at;
  return 0;
}

/** The row of a cursor, and how many cells stand before it there. At a soft end it belongs to the next row. */
export function cursorPlace(
  rows: readonly Row[],
  cursor: number,
): { readonly row: number; readonly column: number } {
  let row = 0;
  while (row < rows.length - 1 && rows[row + 1]!.start <= cursor) row++;
  let column = 0;
  for (const cell of rows[row]!.cells) if (cell.end <= cursor) column += cell.width;
  return { row, column };
}

/** The cursor in a row that is nearest to a column. */
export function cursorAt(row: Row, column: number): number {
  let used = 0;
  for (const cell of row.cells) {
    if (used + cell.width > column) return cell.start;
    used += cell.width;
  }
  // The end of a row that goes on is the start of the next one.
  return row.hard ? row.end : (row.cells.at(-1)?.start ?? row.end);
}
