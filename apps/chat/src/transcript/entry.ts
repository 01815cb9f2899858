/** The entries of the scrollback. Each keeps its source and not its lines, so that it can be drawn again at another width. */
import { type Message, textOf } from "@orch/agents";
import { failureWords } from "../errors/failure-words.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, type Style, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import type { Block } from "./block-splitter.ts";
import { type BlockPart, drawBlock, drawMarkdown } from "./block-stream.ts";
import { citationsEntry } from "./citations.ts";
import type { MarkdownStyle } from "./markdown.ts";

/** Draws itself at a width. */
export interface Entry {
  (style: MarkdownStyle): readonly Line[];
  /** Only for a part of a block. */
  readonly whole?: PrintedBlock;
}

/** All that is printed of a block: its parts are drawn anew as one. */
export interface PrintedBlock {
  readonly entry: Entry;
  /** The part that was printed before. */
  readonly after: Entry | undefined;
}

/** Rows of a user's message that are echoed; the rest is counted. */
const MAX_ECHO = 12;

/** A finished block of an answer. */
export function blockEntry(block: Block): Entry {
  return (style) => drawBlock(block, style);
}

/** A part of a block of an answer, which follows the part `after`. */
export function partEntry({ block, part }: BlockPart, after: Entry | undefined): Entry {
  const { from: _, ...end } = part;
  const draw = (style: MarkdownStyle): Line[] => drawBlock(block, style, part);
  return Object.assign(draw, {
    whole: { entry: (style: MarkdownStyle) => drawBlock(block, style, { from: 0, ...end }), after },
  });
}

/** Lines that are drawn already; they are cut, not wrapped, by a narrower window. */
function linesEntry(lines: readonly Line[]): Entry {
  return () => lines;
}

/** An empty line. */
export const EMPTY_LINE: Entry = linesEntry([[]]);

/** What the user said; `typed` tells that they have just typed it, so that who listens has heard it. */
export function userEntry(text: string, typed = true): Entry {
  const shown = safeText(text.replaceAll("\r", ""));
  return (style) => {
    const { width, theme } = style;
    if (typed && theme.spoken) return [];
    const rows = wrapLine([{ text: shown }], Math.max(1, width - 2), style);
    const kept = rows.length > MAX_ECHO + 1 ? rows.slice(0, MAX_ECHO) : rows;
    const prompt: Line = [span(safe`${theme.glyphs.prompt} `, theme.styles.user)];
    const lines = indentLines(
      kept.map((row) => row.map(({ text }) => span(text, theme.styles.strong))),
      prompt,
      [{ text: safe`  ` }],
    );
    const left = rows.length - kept.length;
    const more: Line = [span(safe`  ${theme.glyphs.ellipsis} ${left} more lines`, theme.styles.dim)];
    return left > 0 ? [[], ...lines, more] : [[], ...lines];
  };
}

/** How a notice looks. Each has a sign of its own: `waiting` is only for what waits for the user. */
export type Tone = "plain" | "dim" | "warning" | "waiting" | "retry" | "skipped" | "failed" | "done";

/** A line or a few from the program itself. */
export function noticeEntry(text: SafeText, tone: Tone = "dim"): Entry {
  return (style) => {
    const { width, theme } = style;
    const mark = markOf(tone, theme);
    const look = tone === "plain" ? undefined : theme.styles[tone === "skipped" ? "idle" : tone];
    if (mark === undefined) return wrapLine([span(text, look)], width, style);
    const rows = wrapLine([{ text }], Math.max(1, width - 2), style);
    return indentLines(rows, [span(safe`${mark} `, look)], [{ text: safe`  ` }]);
  };
}

/** What somebody else in the process wrote, like an orchestration that prints. */
export function writtenEntry(text: string): Entry {
  return noticeEntry(safeText(text.replace(/\n$/, "")), "plain");
}

function markOf(tone: Tone, { glyphs }: Theme): SafeText | undefined {
  return tone === "plain" || tone === "dim" ? undefined : glyphs[tone];
}

/** A failure as a sentence, and the way out under it. */
export function errorEntry(error: unknown): Entry {
  const { says, fix } = failureWords(error);
  return (style) => {
    const { theme, width } = style;
    const rows = noticeEntry(safeText(says), "failed")(style);
    if (fix === undefined) return rows;
    const way: Style | undefined = theme.styles.dim;
    const fixed = span(safe`${theme.glyphs.into} ${safeText(fix)}`, way);
    const rest = wrapLine([fixed], Math.max(1, width - 2), style);
    return [...rows, ...indentLines(rest, [{ text: safe`  ` }], [{ text: safe`    ` }])];
  };
}

/** A message of a conversation that is shown again; the rows of tool calls are drawn beside it. */
export function messageEntries(message: Message): readonly Entry[] {
  const text = textOf(message);
  if (text.trim() === "") return [];
  if (message.role === "user") return [userEntry(text, false)];
  if (message.role !== "assistant") return [];
  return [EMPTY_LINE, (style) => drawMarkdown(text, style), ...citationsEntry(message)];
}
