/**
 * Streaming markdown, drawn once. Deltas go in; finished blocks come out with their lines, to be
 * committed to the scrollback; what is still open is drawn as a few live lines.
 */
import { CLEANER_START, cleanDelta } from "../terminal/cleaner.ts";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, repeat, widthOf, wrapLine } from "../terminal/width.ts";
import { type Block, BlockSplitter } from "./block-splitter.ts";
import { codeBody, codeHead, languageOf } from "./code.ts";
import { ALL_INK, type InkPart, inkIn, inkOf } from "./ink-part.ts";
import { blockLines, type MarkdownStyle, paragraphSpans } from "./markdown.ts";
import { stableFront } from "./stable-front.ts";

/** A block that will not change any more. Keep `block`, not `lines`, to draw it again at another width. */
export interface ClosedBlock {
  readonly block: Block;
  readonly lines: readonly Line[];
  /** What of it was not settled before. */
  readonly part: InkPart;
}

/** A part of a block that is still open. */
export interface BlockPart {
  /** As far as it is known. */
  readonly block: Block;
  readonly part: InkPart;
}

/** One message that is being written. */
export interface BlockStream {
  /** Takes a delta as it came; gives the blocks that it closed, each exactly once. */
  readonly push: (delta: string, style: MarkdownStyle) => readonly ClosedBlock[];
  /** The last `rows` lines of what is open, for the live region. */
  readonly live: (rows: number, style: MarkdownStyle) => readonly Line[];
  /** What is final of the open block and was not given out before, in whole rows; nothing where that is less than a row. */
  readonly settle: (style: MarkdownStyle) => BlockPart | undefined;
  /** Ends the message; returns the blocks that were still open. */
  readonly end: (style: MarkdownStyle) => readonly ClosedBlock[];
}

/** A stream at the beginning of a message. */
export function createBlockStream(): BlockStream {
  let cleaner = CLEANER_START;
  const splitter = new BlockSplitter();
  /** Of the open block, how much was given out, and how long its source was when that was looked for. */
  let settled = 0;
  let seen = 0;
  const draw = (blocks: readonly Block[], style: MarkdownStyle): readonly ClosedBlock[] =>
    blocks.map((block) => {
      const part = partFrom(settled);
      settled = 0;
      seen = 0;
      return { block, part, lines: drawBlock(block, style, part) };
    });
  return {
    push: (delta, style) => {
      const step = cleanDelta(cleaner, delta);
      cleaner = step.state;
      return draw(splitter.push(step.text), style);
    },
    live: (rows, style) => {
      if (rows <= 0) return [];
      const lines = splitter
        .preview()
        .flatMap((block, at) => drawOpen(block, style, partFrom(at === 0 ? settled : 0)));
      return lines.slice(-rows);
    },
    settle: (style) => {
      const blocks = splitter.preview();
      const open = blocks[0];
      if (open === undefined || blocks.length > 1) return undefined;
      // Less than a row came since: nothing can be new.
      if (open.kind !== "fence" && open.source.length - seen < style.width >> 1) return undefined;
      seen = open.source.length;
      const found = finalPart(open, splitter.lines, settled, style);
      settled = found?.part.to ?? settled;
      return found;
    },
    end: (style) => draw(splitter.end(), style),
  };
}

function partFrom(settled: number): InkPart {
  return settled === 0 ? ALL_INK : { from: settled };
}

/** What is final of an open block, of which `from` was given out, in whole rows; `lines` are whole in it. */
function finalPart(open: Block, lines: number, from: number, style: MarkdownStyle): BlockPart | undefined {
  if (open.kind === "fence") {
    if (lines <= from) return undefined;
    const source = open.source.split("\n").slice(0, lines).join("\n") as SafeText;
    return { block: { ...open, source }, part: { from, to: lines } };
  }
  if (open.kind === "table") return undefined;
  const source = stableFront(open.source) as SafeText;
  const text = source === "" ? undefined : paragraphSpans(source, style.theme);
  if (text === undefined) return undefined;
  const width = Math.max(1, style.width - marginOf(open, style));
  // The last row may get longer.
  const rows = wrapLine(inkOf(text, { from }), width, { ...style, soft: true }).slice(0, -1);
  const to = from + rows.reduce((ink, row) => ink + inkIn(row), 0);
  return to > from ? { block: { ...open, source }, part: { from, to } } : undefined;
}

/** Cells in front of the text of a block. */
function marginOf(block: Block, style: MarkdownStyle): number {
  const indent = Math.min(block.indent, style.width >> 1);
  return block.kind === "item" ? indent + widthOf(markOf(block, style)) + 1 : indent;
}

function markOf({ marker }: Block, { theme }: MarkdownStyle): SafeText {
  return marker === "•" ? theme.glyphs.bullet : marker!;
}

/** Draws a whole text: the same lines as streaming it gives. */
export function drawMarkdown(text: string, style: MarkdownStyle): readonly Line[] {
  const stream = createBlockStream();
  return [...stream.push(text, style), ...stream.end(style)].flatMap((closed) => closed.lines);
}

/** Draws one block or a part of it, with the empty line before it where there is one. */
export function drawBlock(block: Block, style: MarkdownStyle, part: InkPart = ALL_INK): Line[] {
  // Code stands at the edge also in a list: what is in front of it would be copied with it.
  const indent = block.kind === "fence" ? 0 : Math.min(block.indent, style.width >> 1);
  const inner = { ...style, width: Math.max(1, style.width - indent) };
  const margin: Line = indent === 0 ? [] : [{ text: repeat(safe` `, indent) }];
  const lines = indentLines(contentLines(block, inner, part), margin, margin);
  return block.gap && part.from === 0 ? [[], ...lines] : lines;
}

function contentLines(block: Block, style: MarkdownStyle, part: InkPart): Line[] {
  switch (block.kind) {
    case "fence":
      return fenceLines(block, style, part);
    case "item": {
      const mark = markOf(block, style);
      const width = widthOf(mark) + 1;
      const rest: Line = [{ text: repeat(safe` `, width) }];
      const inner = { ...style, width: Math.max(1, style.width - width) };
      const body = blockLines(block.source, inner, false, part);
      if (part.from > 0) return indentLines(body, rest, rest);
      const first: Line = [span(mark, style.theme.styles.bullet), { text: safe` ` }];
      return indentLines(body.length === 0 ? [[]] : body, first, rest);
    }
    case "table":
    case "text":
      return blockLines(block.source, style, block.continues, part);
  }
}

/** Its head goes with the first of its lines. */
function fenceLines(block: Block, style: MarkdownStyle, part: InkPart): Line[] {
  const { source, info } = block;
  // Loaded for the slabs to come; this one stays as plain as its neighbours were.
  void style.highlighter?.load(languageOf(info!));
  const head = block.continues || part.from > 0 ? [] : codeHead(info!, style);
  return source === "" && !block.continues ? head : [...head, ...codeBody(source, info!, style, part)];
}

/** An open table changes its columns with every row, so it is shown raw until it closes. */
function drawOpen(block: Block, style: MarkdownStyle, part: InkPart): Line[] {
  if (block.kind !== "table") return drawBlock(block, style, part);
  const lines = wrapLine([span(block.source, style.theme.styles.dim)], style.width);
  return block.gap ? [[], ...lines] : lines;
}
