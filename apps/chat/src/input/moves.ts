/** Where a cursor goes, by cells. A placeholder is one cell and one word. */
import type { Cell } from "./editor-layout.ts";

/** The start of the cell before the cursor. */
export function previousCell(cells: readonly Cell[], cursor: number): number {
  return cells[before(cells, cursor)]?.start ?? 0;
}

/** The end of the cell after the cursor. */
export function nextCell(cells: readonly Cell[], cursor: number): number {
  return cells[before(cells, cursor) + 1]?.end ?? cursor;
}

/** The start of the word before the cursor, over spaces. */
export function wordStart(cells: readonly Cell[], cursor: number): number {
  let at = before(cells, cursor);
  while (at >= 0 && isSpace(cells[at]!)) at--;
  if (at < 0) return 0;
  const kind = kindOf(cells[at]!);
  while (at > 0 && kind !== "atom" && kindOf(cells[at - 1]!) === kind) at--;
  return cells[at]!.start;
}

/** The end of the word after the cursor, over spaces. */
export function wordEnd(cells: readonly Cell[], cursor: number): number {
  let at = before(cells, cursor) + 1;
  while (at < cells.length && isSpace(cells[at]!)) at++;
  if (at === cells.length) return cells.at(-1)?.end ?? 0;
  const kind = kindOf(cells[at]!);
  while (kind !== "atom" && at + 1 < cells.length && kindOf(cells[at + 1]!) === kind) at++;
  return cells[at]!.end;
}

/** The start of the word after the one at the cursor, over spaces. */
export function nextWord(cells: readonly Cell[], cursor: number): number {
  let at = before(cells, cursor) + 1;
  if (at === cells.length) return cursor;
  const kind = kindOf(cells[at]!);
  do at++;
  while (kind !== "atom" && kind !== "space" && at < cells.length && kindOf(cells[at]!) === kind);
  while (at < cells.length && isSpace(cells[at]!)) at++;
  return cells[at]?.start ?? cells.at(-1)!.end;
}

/** The first cell of the line that is no space, or the end of the line. */
export function lineIndent(cells: readonly Cell[], cursor: number): number {
  const end = lineEnd(cells, cursor);
  let at = before(cells, lineStart(cells, cursor)) + 1;
  while (at < cells.length && cells[at]!.start < end && isSpace(cells[at]!)) at++;
  return cells[at]?.start ?? end;
}

/** The start of the line, over wrapped rows. */
export function lineStart(cells: readonly Cell[], cursor: number): number {
  let at = before(cells, cursor);
  while (at >= 0 && !isLineFeed(cells[at]!)) at--;
  return cells[at]?.end ?? 0;
}

/** The end of the line, over wrapped rows. */
export function lineEnd(cells: readonly Cell[], cursor: number): number {
  let at = before(cells, cursor) + 1;
  while (at < cells.length && !isLineFeed(cells[at]!)) at++;
  return cells[at]?.start ?? cells.at(-1)?.end ?? 0;
}

/** Index of the last cell that ends at or before the cursor; -1 at the beginning. */
function before(cells: readonly Cell[], cursor: number): number {
  let low = 0;
  let high = cells.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells[middle]!.end <= cursor) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function isLineFeed(cell: Cell): boolean {
  return cell.shown === "";
}

function isSpace(cell: Cell): boolean {
  return cell.shown.trim() === "";
}

function kindOf(cell: Cell): "space" | "word" | "sign" | "atom" {
  if (isSpace(cell)) return "space";
  if (cell.end - cell.start > 16) return "atom";
  return /[\p{L}\p{N}_]/u.test(cell.shown) ? "word" : "sign";
}
