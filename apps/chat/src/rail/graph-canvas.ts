/** A grid of cells on which lines join: each cell knows to which of its sides a line goes. */
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, type Span, type Style, span } from "../terminal/styled.ts";
import { graphemes, graphemeWidth } from "../terminal/width.ts";

const UP = 1;
const DOWN = 2;
const LEFT = 4;
const RIGHT = 8;

/** By the sides that meet: none, up, down, up and down, left, ... */
const UNICODE_JOINTS = " │││─┘┐┤─└┌├─┴┬┼";
const ASCII_JOINTS = " |||-+++-+++-+++";

interface CanvasCell {
  sides: number;
  text?: SafeText;
  style?: Style;
}

/** Draws lines and text; text lies over lines. */
export class GraphCanvas {
  readonly #rows: CanvasCell[][];
  readonly #joints: string;

  constructor(width: number, height: number, ascii: boolean) {
    this.#rows = Array.from({ length: height }, () => Array.from({ length: width }, () => ({ sides: 0 })));
    this.#joints = ascii ? ASCII_JOINTS : UNICODE_JOINTS;
  }

  /** A horizontal line between two columns, both included. */
  across(row: number, from: number, to: number): void {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    for (let column = left; column <= right; column++)
      this.#join(row, column, (column > left ? LEFT : 0) | (column < right ? RIGHT : 0));
  }

  /** A vertical line between two rows, both included. */
  down(column: number, from: number, to: number): void {
    const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
    for (let row = top; row <= bottom; row++)
      this.#join(row, column, (row > top ? UP : 0) | (row < bottom ? DOWN : 0));
  }

  /** Text from a column on. */
  write(row: number, column: number, text: SafeText, style?: Style): void {
    let at = column;
    for (const grapheme of graphemes(text)) {
      const cell = this.#rows[row]?.[at];
      if (cell === undefined) return;
      cell.text = grapheme;
      if (style !== undefined) cell.style = style;
      const width = graphemeWidth(grapheme);
      // A wide character takes the place of the cells behind it.
      for (let extra = 1; extra < width; extra++) this.#rows[row]![at + extra]!.text = safe``;
      at += Math.max(1, width);
    }
  }

  /** The rows, without the spaces that end them. */
  lines(lineStyle: Style): Line[] {
    return this.#rows.map((row) => {
      let last = row.length - 1;
      while (last >= 0 && row[last]!.text === undefined && row[last]!.sides === 0) last--;
      return row.slice(0, last + 1).map((cell): Span => {
        if (cell.text !== undefined) return span(cell.text, cell.style);
        return span(safeText(this.#joints[cell.sides]!), cell.sides === 0 ? undefined : lineStyle);
      });
    });
  }

  #join(row: number, column: number, sides: number): void {
    const cell = this.#rows[row]?.[column];
    if (cell !== undefined) cell.sides |= sides;
  }
}
