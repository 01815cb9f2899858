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
  const markup = MARKUP.test(path);
  const prose = PROSE_END.test(path) || !/\.[A-Za-z0-9]+$/.test(path);
  const lines = text.split(/\r\n|\n|\r/);
  const found: Paragraph[] = [];
  let heading = "";
  let block: string[] = [];
  let start = 1;
  let fence: string | undefined;

  const close = (code: boolean): void => {
    const isCode = code || (markup && isIndented(block, found.at(-1)));
    if (block.some((line) => line.trim() !== ""))
      found.push({ path, line: start, heading, lines: block, code: isCode });
    block = [];
  };

  for (let index = skipFrontMatter(lines, markup); index < lines.length; index++) {
    const line = lines[index]!;
    const mark = markup ? FENCE.exec(line)?.[1] : undefined;
    const title = markup && fence === undefined ? titleOf(line) : undefined;
    if (mark !== undefined && (fence === undefined || mark === fence)) {
      close(fence !== undefined || !prose);
      fence = fence === undefined ? mark : undefined;
    } else if (title !== undefined) {
      close(!prose);
      heading = title;
    } else if (line.trim() === "" && fence === undefined) {
      close(!prose);
    } else {
      if (block.length === MAX_LINES) close(fence !== undefined || !prose);
      if (block.length === 0) start = index + 1;
      block.push(line);
    }
  }
  close(fence !== undefined || !prose);
  return found;
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
