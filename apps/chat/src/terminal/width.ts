/**
 * Measuring and cutting text by terminal cells. A grapheme is never split, and nothing here is slower
 * than linear in the length of its text.
 */
import stringWidth from "string-width";
import type { SafeText } from "./safe-text.ts";
import { type Line, type Span, type Style, span } from "./styled.ts";

const segmenter: Intl.Segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cells between tab stops. */
const TAB = 4;

/** Cells that a text takes; tabs count as one stop. */
export function widthOf(text: string): number {
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** Cells of one grapheme. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1) {
    const unit = grapheme.charCodeAt(0);
    if (unit >= 0x20 && unit < 0x7f) return 1;
    if (unit === 0x09) return TAB;
  }
  return stringWidth(grapheme);
}

/** The graphemes of a text, in order. */
export function* graphemes(text: string): Generator<SafeText> {
  // Most text is ASCII, where each unit is a grapheme and the segmenter is a hundred times slower.
  let at = 0;
  while (at < text.length) {
    const ascii = asciiEnd(text, at);
    // The last ASCII character may carry a mark that follows it.
    const sure = ascii === text.length ? ascii : ascii - 1;
    for (; at < sure; at++) yield text[at] as SafeText;
    if (at >= text.length) return;
    const end = foreignEnd(text, Math.max(at, ascii));
    for (const { segment } of segmenter.segment(text.slice(at, end))) yield segment as SafeText;
    at = end;
  }
}

function asciiEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) < 0x80 && text.charCodeAt(at) !== 0x0d) at++;
  return at;
}

function foreignEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text.charCodeAt(at) >= 0x80 || text.charCodeAt(at) === 0x0d)) at++;
  // A line feed after a carriage return belongs to it.
  return text.charCodeAt(at - 1) === 0x0d && text.charCodeAt(at) === 0x0a ? at + 1 : at;
}

/** Cuts a text to at most `width` cells; `…` says that something is missing. */
export function truncate(text: SafeText, width: number): SafeText {
  return truncateLine([{ text }], width)
    .map((piece) => piece.text)
    .join("") as SafeText;
}

/** Cuts a line to at most `width` cells; `…` says that something is missing. */
export function truncateLine(line: Line, width: number): Line {
  if (width <= 0) return [];
  const kept = new LineBuilder();
  const fits = new LineBuilder();
  for (const piece of line) {
    for (const grapheme of graphemes(piece.text)) {
      const cells = graphemeWidth(grapheme);
      if (kept.width + cells > width) {
        fits.add("…" as SafeText, 1, piece.style);
        return fits.spans;
      }
      kept.add(grapheme, cells, piece.style);
      if (kept.width <= width - 1) fits.add(grapheme, cells, piece.style);
    }
  }
  return kept.spans;
}

/** The last `width` cells of a text, with `…` before them when something is missing. */
export function truncateStart(text: SafeText, width: number): SafeText {
  // Only the end is looked at: a grapheme rarely has more than a few units.
  const all = [...graphemes(text.slice(-Math.max(64, width * 16)))];
  const whole = text.length <= Math.max(64, width * 16);
  let cells = 0;
  let from = all.length;
  while (from > 0 && cells + graphemeWidth(all[from - 1]!) <= width) cells += graphemeWidth(all[--from]!);
  if (from === 0 && whole) return text;
  while (from < all.length && cells > width - 1) cells -= graphemeWidth(all[from++]!);
  return (width <= 0 ? "" : `…${all.slice(from).join("")}`) as SafeText;
}

/** Rows that a line takes where the terminal breaks it after `columns` cells. */
export function rowsOf(line: Line, columns: number): number {
  let rows = 1;
  let at = 0;
  for (const piece of line) {
    for (const grapheme of graphemes(piece.text)) {
      const cells = graphemeWidth(grapheme);
      // A wide character is not cut in two.
      if (at > 0 && at + cells > columns) {
        rows++;
        at = 0;
      }
      at += cells;
    }
  }
  return rows;
}

/** Pads a text with spaces to `width` cells. */
export function padEnd(text: SafeText, width: number): SafeText {
  return (text + " ".repeat(Math.max(0, width - widthOf(text)))) as SafeText;
}

/** Fills up to `width` cells in front. */
export function padStart(text: SafeText, width: number): SafeText {
  return (" ".repeat(Math.max(0, width - widthOf(text))) + text) as SafeText;
}

/** `count` times a text; nothing when `count` is below one. */
export function repeat(text: SafeText, count: number): SafeText {
  return text.repeat(Math.max(0, count)) as SafeText;
}

/** How a line is wrapped. */
export interface WrapOptions {
  /** `word` breaks at spaces and drops them there; `hard` fills each row and keeps everything. Default `word`. */
  readonly mode?: "word" | "hard";
  /**
   * Breaks no word that is longer than a row, and no row of `hard`: the terminal does, and knows that it did, so that
   * such a row is copied and clicked as the one that it is. Only for what is written once: nobody counts its rows.
   */
  readonly soft?: boolean;
}

/**
 * Wraps styled text to rows of at most `width` cells. Line feeds in the text begin a new row.
 * A grapheme wider than the row stands alone on its own.
 */
export function wrapLine(line: Line, width: number, options: WrapOptions = {}): Line[] {
  const wrapper = new Wrapper(Math.max(1, width), options);
  for (const piece of line) for (const grapheme of graphemes(piece.text)) wrapper.push(grapheme, piece.style);
  return wrapper.finish();
}

/** Adds spaces in front, or `first` once and spaces after, to rows that were wrapped narrower. */
export function indentLines(lines: readonly Line[], first: Line, rest: Line): Line[] {
  return lines.map((line, at) => [...(at === 0 ? first : rest), ...line]);
}

/** Collects graphemes to spans of one style each. */
class LineBuilder {
  readonly spans: Span[] = [];
  width = 0;

  add(text: SafeText, cells: number, style: Style | undefined): void {
    this.width += cells;
    const last = this.spans.at(-1);
    if (last !== undefined && last.style === style)
      this.spans[this.spans.length - 1] = span((last.text + text) as SafeText, style);
    else this.spans.push(span(text, style));
  }
}

interface StyledCell {
  readonly text: SafeText;
  readonly cells: number;
  readonly style: Style | undefined;
}

class Wrapper {
  readonly #width: number;
  readonly #hard: boolean;
  readonly #soft: boolean;
  readonly #rows: Line[] = [];
  #row = new LineBuilder();
  #word: StyledCell[] = [];
  #wordWidth = 0;
  #spaces: StyledCell[] = [];
  #spacesWidth = 0;

  constructor(width: number, { mode, soft = false }: WrapOptions) {
    this.#width = width;
    this.#hard = mode === "hard";
    this.#soft = soft;
  }

  push(grapheme: SafeText, style: Style | undefined): void {
    if (grapheme === "\n") {
      this.#newline();
      return;
    }
    const cells = graphemeWidth(grapheme);
    const cell: StyledCell =
      grapheme === "\t" ? { text: "    " as SafeText, cells: TAB, style } : { text: grapheme, cells, style };
    if (this.#hard) {
      this.#place(cell);
      return;
    }
    if (grapheme === " " || grapheme === "\t") {
      this.#endWord();
      this.#spaces.push(cell);
      this.#spacesWidth += cell.cells;
      return;
    }
    // Scripts of wide characters break between any two of them.
    if (cells > 1) this.#endWord();
    this.#word.push(cell);
    this.#wordWidth += cells;
    if (cells > 1) this.#endWord();
    else if (this.#wordWidth > this.#width && !this.#soft) this.#endWord();
  }

  finish(): Line[] {
    this.#newline();
    return this.#rows;
  }

  #newline(): void {
    this.#endWord();
    this.#spaces = [];
    this.#spacesWidth = 0;
    this.#endRow();
  }

  #endRow(): void {
    this.#rows.push(this.#row.spans);
    this.#row = new LineBuilder();
  }

  #endWord(): void {
    if (this.#word.length === 0) return;
    const needs = this.#spacesWidth + this.#wordWidth;
    const isWhole = this.#soft || this.#wordWidth <= this.#width;
    if (this.#row.width > 0 && this.#row.width + needs > this.#width && isWhole) this.#endRow();
    else for (const space of this.#spaces) this.#place(space);
    for (const cell of this.#word) this.#place(cell);
    this.#word = [];
    this.#wordWidth = 0;
    this.#spaces = [];
    this.#spacesWidth = 0;
  }

  #place(cell: StyledCell): void {
    if (!this.#soft && this.#row.width > 0 && this.#row.width + cell.cells > this.#width) this.#endRow();
    this.#row.add(cell.text, cell.cells, cell.style);
  }
}
