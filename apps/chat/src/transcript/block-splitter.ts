/**
 * Cuts streaming markdown into blocks that are final as soon as they are given out.
 *
 * It decides by whole lines only, so that the blocks are the same however the text arrived. A block is
 * what can be drawn without knowing what follows: a paragraph, a heading, one item of a list, a slab of
 * a fence, a table. What a block *means* inside is the renderer's business.
 */
import type { SafeText } from "../terminal/safe-text.ts";
import {
  closesFence,
  expandIndent,
  type FenceStart,
  fenceStart,
  indentOf,
  isHeading,
  isRule,
  isTableRule,
  isUnderline,
  itemStart,
} from "./block-lines.ts";
import { cutPoint, LOOKAHEAD, MAX_BLOCK } from "./long-line.ts";

/** A piece of markdown that is drawn on its own. */
export interface Block {
  /** `text` is anything that marked reads by itself. */
  readonly kind: "text" | "table" | "fence" | "item";
  /** Markdown without the indent of the list it is in; for a fence the code. */
  readonly source: SafeText;
  /** Cells that the enclosing list items take. */
  readonly indent: number;
  /** Whether an empty line stands before it. */
  readonly gap: boolean;
  /** Whether this block continues the one before it, so that its header is not drawn again. */
  readonly continues: boolean;
  /** An item's own mark, without the space after it; a bullet is `•`. */
  readonly marker?: SafeText;
  /** What stands after a fence's opening. */
  readonly info?: SafeText;
}

/** Lines of code in one slab of a fence. */
const SLAB_LINES = 16;
/** Lists are not nested deeper. */
const MAX_DEPTH = 8;

interface Item {
  /** The column of the list mark. Text two columns further right belongs to the item. */
  readonly column: number;
  /** Column of the content. */
  readonly content: number;
  /** Cells that the mark takes when it is drawn. */
  readonly cells: number;
}

interface OpenBlock {
  kind: Block["kind"] | "quote" | "code";
  lines: string[];
  size: number;
  readonly indent: number;
  readonly gap: boolean;
  readonly continues: boolean;
  readonly marker?: string;
  readonly fence?: FenceStart;
  /** Columns to take off the front of a line of code. */
  readonly strip: number;
}

/** Cuts a text that arrives in pieces into blocks. */
export class BlockSplitter {
  #pending = "";
  #items: Item[] = [];
  #open: OpenBlock | undefined;
  #blank = false;
  #begun = false;
  /** Whether the line at hand goes on after a forced cut, and so begins nothing. */
  #midLine = false;
  #closed: Block[] = [];

  /** How many lines of the open block are whole. */
  get lines(): number {
    return this.#open?.lines.length ?? 0;
  }

  /** Takes more text; gives the blocks that it completes. */
  push(text: SafeText): readonly Block[] {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#takeLine(this.#pending + text.slice(start, end));
      this.#pending = "";
      start = end + 1;
    }
    this.#pending = this.#cutLong(this.#pending + text.slice(start));
    return this.#flush();
  }

  /** Ends the text; returns the blocks that were still open. */
  end(): readonly Block[] {
    if (this.#pending !== "") this.#takeLine(this.#pending);
    this.#pending = "";
    this.#close();
    return this.#flush();
  }

  /** The blocks that would come if the text ended here. The splitter stays as it is. */
  preview(): readonly Block[] {
    const copy = new BlockSplitter();
    copy.#pending = this.#pending;
    copy.#items = [...this.#items];
    copy.#open = this.#open && { ...this.#open, lines: [...this.#open.lines] };
    copy.#blank = this.#blank;
    copy.#begun = this.#begun;
    copy.#midLine = this.#midLine;
    return copy.end();
  }

  #flush(): readonly Block[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  #takeLine(line: string): void {
    const rest = this.#cutLong(line);
    if (this.#midLine) this.#append(rest);
    else this.#line(rest);
    this.#midLine = false;
  }

  /** Emits the front of a line that is too long to wait for its end. Returns the rest. */
  #cutLong(line: string): string {
    let rest = line;
    while (rest.length > MAX_BLOCK + LOOKAHEAD) {
      const cut = cutPoint(rest);
      if (this.#midLine) this.#append(rest.slice(0, cut));
      else this.#line(rest.slice(0, cut));
      this.#continue();
      this.#midLine = true;
      rest = rest.slice(cut);
    }
    return rest;
  }

  #line(raw: string): void {
    const line = expandIndent(raw);
    if (this.#open?.kind === "fence") {
      this.#codeLine(raw, line, this.#open);
      return;
    }
    if (line.trim() === "") {
      this.#close();
      this.#blank = true;
      return;
    }
    this.#contentLine(line, 0);
  }

  #codeLine(raw: string, line: string, open: OpenBlock): void {
    const text = line.trimStart();
    if (closesFence(text, open.fence!)) {
      this.#close();
      return;
    }
    const strip = Math.min(open.strip, indentOf(line));
    this.#append(strip > 0 ? line.slice(strip) : raw);
  }

  #contentLine(line: string, depth: number): void {
    const indent = indentOf(line);
    const text = line.slice(indent);
    const open = this.#open;
    if (open !== undefined && open.kind !== "code" && !this.#startsBlock(text, open, depth)) {
      this.#goOn(text, open);
      return;
    }
    if (open?.kind === "code" && indent - this.#base() >= 4) {
      this.#append(line.slice(this.#base()));
      return;
    }
    this.#close();
    while (this.#items.length > 0 && indent < this.#items.at(-1)!.column + 2) this.#items.pop();
    this.#beginBlock(line, depth);
  }

  /** Adds a line to the open block. */
  #goOn(text: string, open: OpenBlock): void {
    const isHeader = open.kind === "text" && open.lines.length === 1 && open.lines[0]!.includes("|");
    if (isHeader && isTableRule(text)) open.kind = "table";
    this.#append(text);
    if (open.kind === "text" && isUnderline(text)) this.#close();
  }

  #beginBlock(line: string, depth: number): void {
    const indent = indentOf(line);
    const text = line.slice(indent);
    const item = itemStart(text);
    const fence = fenceStart(text);
    const isCode = indent - this.#base() >= 4 && depth === 0;
    if (!isCode && item !== undefined && !isRule(text) && this.#items.length < MAX_DEPTH)
      this.#beginItem(indent, item, depth);
    else if (!isCode && fence !== undefined) this.#begin("fence", { fence, strip: indent });
    else {
      this.#begin(isCode ? "code" : text.startsWith(">") ? "quote" : "text", {});
      this.#append(isCode ? line.slice(this.#base()) : text);
      if (!isCode && (isHeading(text) || isRule(text))) this.#close();
    }
  }

  /** Column of the content of the innermost item. */
  #base(): number {
    return this.#items.at(-1)?.content ?? 0;
  }

  #beginItem(indent: number, item: NonNullable<ReturnType<typeof itemStart>>, depth: number): void {
    this.#begin("item", { marker: item.marker });
    const cells = item.marker.length + 1;
    this.#items.push({ column: indent, content: indent + item.offset, cells });
    if (fenceStart(item.content) === undefined && itemStart(item.content) === undefined) {
      this.#append(item.content);
      if (isHeading(item.content)) this.#close();
    } else this.#contentLine(" ".repeat(indent + item.offset) + item.content, depth + 1);
  }

  /** Whether a line ends the open block and begins one of its own. */
  #startsBlock(text: string, open: OpenBlock, depth: number): boolean {
    if (depth > 0) return true;
    if (fenceStart(text) !== undefined || isHeading(text)) return true;
    if (open.kind === "text" && isUnderline(text)) return false;
    if (isRule(text)) return true;
    const item = itemStart(text);
    if (item !== undefined && (open.kind === "item" || this.#items.length > 0 || item.interrupts))
      return true;
    return text.startsWith(">") !== (open.kind === "quote") && text.startsWith(">");
  }

  #begin(kind: OpenBlock["kind"], more: Partial<Pick<OpenBlock, "marker" | "fence" | "strip">>): void {
    const indent = this.#items.reduce((sum, item) => sum + item.cells, 0);
    const gap = this.#begun && this.#blank;
    this.#open = { kind, lines: [], size: 0, indent, gap, continues: false, strip: 0, ...more };
    this.#blank = false;
    this.#begun = true;
  }

  #append(line: string): void {
    if (this.#open === undefined) this.#begin("text", {});
    const open = this.#open!;
    open.lines.push(line);
    open.size += line.length + 1;
    const slab = open.kind === "fence" && open.lines.length >= SLAB_LINES;
    if (slab || open.size > MAX_BLOCK) this.#continue();
  }

  /** Emits the part of the open block that has arrived, and keeps the block open for the rest. */
  #continue(): void {
    const open = this.#open;
    if (open === undefined) return;
    // The rest of a table cannot be read without its header.
    const lines = open.kind === "table" ? open.lines.slice(0, 2) : [];
    const size = 0;
    this.#close();
    const { marker: _, ...rest } = open;
    const indent = open.kind === "item" ? open.indent + open.marker!.length + 1 : open.indent;
    this.#open = {
      ...rest,
      kind: open.kind === "item" ? "text" : open.kind,
      lines,
      size,
      indent,
      gap: false,
      continues: true,
    };
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const kept = open.continues && open.kind === "table" ? 2 : 0;
    const isEmpty = open.lines.length === kept && open.continues;
    if (isEmpty) return;
    this.#closed.push(blockOf(open));
  }
}

function blockOf(open: OpenBlock): Block {
  const { kind, lines, indent, gap, continues, marker, fence } = open;
  return {
    kind: kind === "quote" || kind === "code" ? "text" : kind,
    source: lines.join("\n") as SafeText,
    indent,
    gap,
    continues,
    ...(marker !== undefined && { marker: marker as SafeText }),
    ...(fence !== undefined && { info: fence.info as SafeText }),
  };
}
