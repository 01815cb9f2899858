/** The scrollback: each entry is drawn once when it is printed, and its source is kept for a while to redraw it. */
import type { Line, StyledText } from "../terminal/styled.ts";
import { joinLines, paint } from "../terminal/styled.ts";
import type { Entry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";

/** A printed entry that waits for its one time on the screen. */
export interface Printed {
  readonly id: number;
  readonly text: StyledText;
}

/** Entries that can be painted anew. */
const MAX_KEPT = 200;

/** Collects printed entries. */
export class Scroll {
  readonly #style: () => MarkdownStyle;
  #count = 0;
  #fresh: readonly Printed[] = [];
  #kept: Entry[] = [];

  constructor(style: () => MarkdownStyle) {
    this.#style = style;
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
    this.#fresh = [...this.#fresh, { id, text: draw(lines, style) }];
  }

  /** Forgets the entries before `count`: they are on the screen. */
  flushed(count: number): void {
    if (this.#fresh.some(({ id }) => id < count)) this.#fresh = this.#fresh.filter(({ id }) => id >= count);
  }

  /** The last rows of everything that was printed, drawn for the present width. */
  last(rows: number): StyledText {
    const style = this.#style();
    let lines: Line[] = [];
    for (let at = this.#kept.length - 1; at >= 0 && lines.length < rows; at--)
      lines = [...this.#kept[at]!(style), ...lines];
    return draw(lines.slice(-rows), style);
  }
}

function draw(lines: readonly Line[], style: MarkdownStyle): StyledText {
  return joinLines(lines.map((line) => paint(line, style.theme.colours)));
}
