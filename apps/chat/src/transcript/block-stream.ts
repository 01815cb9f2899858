/**
 * Streaming markdown, drawn once. Deltas go in; finished blocks come out with their lines, to be
 * committed to the scrollback; what is still open is drawn as a few live lines.
 */
import { CLEANER_START, cleanDelta } from "../terminal/cleaner.ts";
import { safe } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { indentLines, repeat, widthOf, wrapLine } from "../terminal/width.ts";
import { type Block, BlockSplitter } from "./block-splitter.ts";
import { codeBody, codeLines, languageOf } from "./code.ts";
import { blockLines, type MarkdownStyle } from "./markdown.ts";

/** A block that will not change any more. Keep `block`, not `lines`, to draw it again at another width. */
export interface ClosedBlock {
  readonly block: Block;
  readonly lines: readonly Line[];
}

/** One message that is being written. */
export interface BlockStream {
  /** Takes a delta as it came; gives the blocks that it closed, each exactly once. */
  readonly push: (delta: string, style: MarkdownStyle) => readonly ClosedBlock[];
  /** The last `rows` lines of what is open, for the live region. */
  readonly live: (rows: number, style: MarkdownStyle) => readonly Line[];
  /** Ends the message; returns the blocks that were still open. */
  readonly end: (style: MarkdownStyle) => readonly ClosedBlock[];
}

/** A stream at the beginning of a message. */
export function createBlockStream(): BlockStream {
  let cleaner = CLEANER_START;
  const splitter = new BlockSplitter();
  const draw = (blocks: readonly Block[], style: MarkdownStyle): readonly ClosedBlock[] =>
    blocks.map((block) => ({ block, lines: drawBlock(block, style) }));
  return {
    push: (delta, style) => {
      const step = cleanDelta(cleaner, delta);
      cleaner = step.state;
      return draw(splitter.push(step.text), style);
    },
    live: (rows, style) => {
      if (rows <= 0) return [];
      const lines = splitter.preview().flatMap((block) => drawOpen(block, style));
      return lines.slice(-rows);
    },
    end: (style) => draw(splitter.end(), style),
  };
}

/** Draws a whole text: the same lines as streaming it gives. */
export function drawMarkdown(text: string, style: MarkdownStyle): readonly Line[] {
  const stream = createBlockStream();
  return [...stream.push(text, style), ...stream.end(style)].flatMap((closed) => closed.lines);
}

/** Draws one block, with the empty line before it where there is one. */
export function drawBlock(block: Block, style: MarkdownStyle): Line[] {
  // Code stands at the edge also in a list: what is in front of it would be copied with it.
  const indent = block.kind === "fence" ? 0 : Math.min(block.indent, style.width >> 1);
  const inner = { ...style, width: Math.max(1, style.width - indent) };
  const margin: Line = indent === 0 ? [] : [{ text: repeat(safe` `, indent) }];
  const lines = indentLines(contentLines(block, inner), margin, margin);
  return block.gap ? [[], ...lines] : lines;
}

function contentLines(block: Block, style: MarkdownStyle): Line[] {
  switch (block.kind) {
    case "fence": {
      const info = block.info!;
      // Loaded for the slabs to come; this one stays as plain as its neighbours were.
      void style.highlighter?.load(languageOf(info));
      if (block.continues) return codeBody(block.source, info, style);
      return block.source === ""
        ? codeLines(safe``, info, style).slice(0, -1)
        : codeLines(block.source, info, style);
    }
    case "item": {
      const mark = block.marker === "•" ? style.theme.glyphs.bullet : block.marker!;
      const width = widthOf(mark) + 1;
      const body = blockLines(block.source, { ...style, width: Math.max(1, style.width - width) });
      const first: Line = [span(mark, style.theme.styles.bullet), { text: safe` ` }];
      return indentLines(body.length === 0 ? [[]] : body, first, [{ text: repeat(safe` `, width) }]);
    }
    case "table":
    case "text":
      return blockLines(block.source, style, block.continues);
  }
}

/** An open table changes its columns with every row, so it is shown raw until it closes. */
function drawOpen(block: Block, style: MarkdownStyle): Line[] {
  if (block.kind !== "table") return drawBlock(block, style);
  const lines = wrapLine([span(block.source, style.theme.styles.dim)], style.width);
  return block.gap ? [[], ...lines] : lines;
}
