/** Draws tool calls: one row for each that ended, and one for each that is under way. */

import { duration } from "../terminal/duration.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { indentLines, repeat, truncate, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import { count } from "./figures.ts";
import type { EndedCall, OpenCall } from "./tool-calls.ts";

/** Cells of a row; times stand at its end. */
const MAX_ROW = 80;
/** Rows of an error that does not fit beside its call. */
const MAX_ERROR = 6;
/** Characters that are read of a result. */
const MAX_RESULT = 2000;

/** The row of a call that ended, with the rest of its error under it. */
export function endedCallLines(call: EndedCall, width: number, theme: Theme): readonly Line[] {
  const { styles, glyphs } = theme;
  const margin = marginOf(call.depth);
  const role = call.status === "skipped" ? "idle" : call.status;
  const head = [span(safe`${margin}${glyphs[call.status]} `, styles[role]), span(call.label)];
  const time = call.duration === undefined ? safe`` : safe`  ${duration(call.duration)}`;
  const row = Math.min(width, MAX_ROW);
  const room = row - lineWidth(head) - widthOf(time) - 2;
  const said = call.status === "done" ? folded(call.result, room) : oneLine(problemOf(call.result));
  const fits = widthOf(said) <= room;
  const beside = fits
    ? safe`  ${said}`
    : call.status === "done" && room > 0
      ? safe`  ${truncate(said, room)}`
      : safe``;
  const left = truncateLine([...head, span(beside, styles.dim)], Math.max(1, row - widthOf(time)));
  const gap = repeat(safe` `, row - lineWidth(left) - widthOf(time));
  const first: Line = [...left, { text: gap }, span(time, styles.dim)];
  if (fits || call.status === "done") return [first];
  const indent: Line = [{ text: safe`${margin}  ` }];
  const rest = wrapLine([span(said, styles.dim)], Math.max(1, width - widthOf(margin) - 2));
  const more: Line = [span(glyphs.ellipsis, styles.dim)];
  const shown = rest.length > MAX_ERROR ? [...rest.slice(0, MAX_ERROR - 1), more] : rest;
  return [first, ...indentLines(shown, indent, indent)];
}

/** The row of a call that has no result yet. */
export function openCallLine(call: OpenCall, now: number, width: number, theme: Theme): Line {
  // A call that has not begun waits for its turn: one beside it may be asking.
  const status = call.waiting ? "waiting" : call.startedAt === undefined ? "queued" : "running";
  const time = call.startedAt === undefined ? safe`` : safe` ${duration(now - call.startedAt)}`;
  const head = span(
    safe`${marginOf(call.depth)}${theme.glyphs[status]} `,
    theme.styles[status === "queued" ? "idle" : status],
  );
  return truncateLine([head, span(call.label), span(time, theme.styles.dim)], width);
}

/** How many more calls are under way than there are rows for. */
export function moreCallsLine(more: number, { glyphs, styles }: Theme): Line {
  return [span(safe`${marginOf(0)}${glyphs.ellipsis} ${more} more`, styles.dim)];
}

/** The first line of a result, and how much more there is. */
function folded(result: string, room: number): SafeText {
  const text = result.trim();
  const lines = text.split("\n").length;
  const [line = ""] = text.slice(0, MAX_RESULT).split("\n", 1);
  const first = oneLine(line);
  const size =
    lines > 1
      ? safe`${count(lines)} lines`
      : widthOf(first) > room
        ? safe`${count(text.length)} characters`
        : safe``;
  if (size === "") return first;
  return safe`${truncate(first, Math.max(0, room - widthOf(size) - 3))} · ${size}`;
}

/** The model is also told where it can read more; a person has the sentence. */
function problemOf(result: string): string {
  return result.replace(/\n\s*More: https?:\S+\s*$/, "");
}

/** A call stands under its state. */
function marginOf(depth: number): SafeText {
  return repeat(safe` `, 2 + depth * 2);
}

function oneLine(text: string): SafeText {
  return safeText(safeText(text.slice(0, MAX_RESULT)).replaceAll(/\s+/g, " ").trim());
}

function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}
