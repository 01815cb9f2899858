/** Cuts a file into paragraphs, each with the line it starts on and the heading it stands under. */

/** A block of text between blank lines. */
export interface Paragraph {
  readonly path: string;
  /** The line it starts on, from 1. */
  readonly line: number;
  /** The nearest heading above, without its marks; empty where there is none. */
  readonly heading: string;
  readonly lines: readonly string[];
  /** Code is searched like text, but quoted line by line. */
  readonly code: boolean;
}

const HEADING = /^ {0,3}#{1,6}(?=[ \t])/;
/** Code by its indent, where no list goes on. */
const INDENTED = /^(?: {4}|\t)/;
const LIST = /^\s*(?:[-*+]|\d{1,3}[.)])\s/;
const FENCE = /^ {0,3}(```|~~~)/;
const MARKUP = /\.(?:md|mdx|markdown)$/i;
const PROSE_END = /\.(?:md|mdx|markdown|txt|text|rst|adoc|org)$/i;
/** Longer blocks are cut, so that one hit never brings a whole file. */
const MAX_LINES = 40;

/** Cuts `text` into paragraphs. Headings of Markdown become the `heading` of what follows. */
export function paragraphsOf(path: string, text: string): readonly Paragraph[] {
  const cutter = new Cutter(path);
  const lines = text.split(/\r\n|\n|\r/);
  for (let index = skipFrontMatter(lines, cutter.markup); index < lines.length; index++) {
    cutter.line(lines[index]!, index + 1);
  }
  return cutter.end();
}

/** Takes the lines of one file in their order. */
class Cutter {
  readonly markup: boolean;
  readonly #path: string;
  readonly #prose: boolean;
  readonly #found: Paragraph[] = [];
  #heading = "";
  #block: string[] = [];
  #start = 1;
  /** The mark that ends the code that is open. */
  #fence: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.markup = MARKUP.test(path);
    this.#prose = PROSE_END.test(path) || !/\.[A-Za-z0-9]+$/.test(path);
  }

  line(line: string, number: number): void {
    const mark = this.markup ? FENCE.exec(line)?.[1] : undefined;
    if (mark !== undefined && (this.#fence === undefined || mark === this.#fence)) {
      this.#close();
      this.#fence = this.#fence === undefined ? mark : undefined;
    } else if (this.#fence !== undefined) this.#add(line, number);
    else this.#text(line, number);
  }

  end(): readonly Paragraph[] {
    this.#close();
    return this.#found;
  }

  /** A line outside of fenced code. */
  #text(line: string, number: number): void {
    const title = this.markup ? titleOf(line) : undefined;
    if (title === undefined && line.trim() !== "") {
      this.#add(line, number);
      return;
    }
    this.#close();
    if (title !== undefined) this.#heading = title;
  }

  #add(line: string, number: number): void {
    if (this.#block.length === MAX_LINES) this.#close();
    if (this.#block.length === 0) this.#start = number;
    this.#block.push(line);
  }

  #close(): void {
    const lines = this.#block;
    this.#block = [];
    if (lines.every((line) => line.trim() === "")) return;
    const fenced = this.#fence !== undefined || !this.#prose;
    const code = fenced || (this.markup && isIndented(lines, this.#found.at(-1)));
    this.#found.push({ path: this.#path, line: this.#start, heading: this.#heading, lines, code });
  }
}

/** Whether a block is code by its indent, and not the rest of an item of the list before it. */
function isIndented(block: readonly string[], before: Paragraph | undefined): boolean {
  return block.every((line) => INDENTED.test(line)) && !before?.lines.some((line) => LIST.test(line));
}

function titleOf(line: string): string | undefined {
  const mark = HEADING.exec(line)?.[0];
  if (mark === undefined) return undefined;
  let end = line.length;
  while (end > mark.length && " \t#".includes(line[end - 1]!)) end--;
  return line.slice(mark.length, end).trim();
}

function skipFrontMatter(lines: readonly string[], markup: boolean): number {
  if (!markup || lines[0]?.trim() !== "---") return 0;
  const end = lines.indexOf("---", 1);
  return end === -1 ? 0 : end + 1;
}
