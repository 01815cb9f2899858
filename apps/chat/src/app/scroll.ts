/** The scrollback: each entry is drawn once when it is printed, and its source is kept for a while to redraw it. */
import type { Line, StyledText } from "../terminal/styled.ts";
import { joinLines, paint, plainText } from "../terminal/styled.ts";
import { rowsOf, widthOf } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";

/** A printed entry that waits for its one time on the screen. */
export interface Printed {
  readonly id: number;
  readonly text: StyledText;
  /** Cells of its longest line, which may be more than the window has: the terminal breaks it. */
  readonly width: number;
}

/** Entries that can be painted anew. */
const MAX_KEPT = 200;

/** Collects printed entries. */
export class Scroll {
  /** What is written once may be broken by the terminal. */
  readonly #style: () => MarkdownStyle & { readonly soft: true };
  #count = 0;
  #fresh: readonly Printed[] = [];
  #kept: Entry[] = [];

  constructor(style: () => MarkdownStyle) {
    this.#style = () => ({ ...style(), soft: true });
  }

  /** Entries that were not on the screen yet. Those before them are gone from memory. */
  get fresh(): readonly Printed[] {
    return this.#fresh;
  }

  print(entry: Entry): void {
    const style = this.#style();
    this.#kept.push(entry);
    if (this.#kept.length > MAX_KEPT * 2) this.#kept = this.#kept.slice(-MAX_KEPT);
    const lines = entry(style);
    if (lines.length === 0) return;
    const id = this.#count++;
    const width = lines.reduce((widest, line) => Math.max(widest, widthOf(plainText(line))), 1);
    this.#fresh = [...this.#fresh, { id, text: draw(lines, style), width }];
  }

  /** Forgets the entries before `count`: they are on the screen. */
  flushed(count: number): void {
    if (this.#fresh.some(({ id }) => id < count)) this.#fresh = this.#fresh.filter(({ id }) => id >= count);
  }

  /** The last lines of everything that was printed, drawn anew: as many as take at most `rows` in a window of `columns`. */
  last(rows: number, columns: number): StyledText {
    const style = this.#style();
    const lines: Line[] = [];
    let left = rows;
    for (const entry of this.#kept.toReversed()) {
      for (const line of entry(style).toReversed()) {
        left -= rowsOf(line, columns);
        if (left < 0) return draw(lines.reverse(), style);
        lines.push(line);
      }
    }
    return draw(lines.reverse(), style);
  }
}

function draw(lines: readonly Line[], style: MarkdownStyle): StyledText {
  return joinLines(lines.map((line) => paint(line, style.theme.colours)));
}
