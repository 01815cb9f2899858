/** The scrollback: each entry is drawn once when it is printed, and its source is kept for a while to redraw it. */
import type { Line, StyledText } from "../terminal/styled.ts";
import { joinLines, paint } from "../terminal/styled.ts";
import { rowsOf } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import { withoutBars } from "../transcript/without-bars.ts";

/** Entries that can be painted anew. */
const MAX_KEPT = 200;

/** Collects printed entries. */
export class Scroll {
  /** What is written once may be broken by the terminal. */
  readonly #style: () => MarkdownStyle & { readonly soft: true };
  #count = 0;
  #fresh: { readonly id: number; readonly text: StyledText }[] = [];
  #kept: Entry[] = [];
  /** The part of a block that was printed last, until something else is. */
  #part: Entry | undefined;

  constructor(style: () => MarkdownStyle) {
    this.#style = () => ({ ...style(), soft: true });
  }

  /** How many entries were printed. */
  get count(): number {
    return this.#count;
  }

  print(entry: Entry): void {
    const style = this.#style();
    this.#keep(entry);
    if (this.#kept.length > MAX_KEPT * 2) this.#kept = this.#kept.slice(-MAX_KEPT);
    const lines = withoutBars(entry(style));
    if (lines.length === 0) return;
    this.#fresh.push({ id: this.#count++, text: draw(lines, style) });
  }

  /** Keeps a block once, of which parts are printed one after the other. */
  #keep(entry: Entry): void {
    const { whole } = entry;
    const follows = whole?.after === this.#part;
    if (whole !== undefined && follows && this.#part !== undefined) this.#kept.pop();
    this.#kept.push((follows ? whole?.entry : undefined) ?? entry);
    this.#part = follows ? whole && entry : undefined;
  }

  /** The entries among the first `count` that were not taken yet, each line with a line feed. They have their one time on the screen now. */
  take(count = this.#count): string {
    const taken = this.#fresh.filter(({ id }) => id < count);
    if (taken.length > 0) this.#fresh = this.#fresh.filter(({ id }) => id >= count);
    return taken.map(({ text }) => `${text}\n`).join("");
  }

  /** The last lines of everything that was printed, drawn anew: as many as take at most `rows` in a window of `columns`. */
  last(rows: number, columns: number): StyledText {
    const style = this.#style();
    const lines: Line[] = [];
    let left = rows;
    for (const entry of this.#kept.toReversed()) {
      for (const line of withoutBars(entry(style)).toReversed()) {
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
