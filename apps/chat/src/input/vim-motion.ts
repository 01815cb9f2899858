/** Where the motions of vim lead, as pure functions of the text. */
import type { Cell } from "./editor-layout.ts";
import {
  lineEnd,
  lineIndent,
  lineStart,
  nextCell,
  nextWord,
  previousCell,
  wordEnd,
  wordStart,
} from "./moves.ts";

/** A part of a text, and whether it is made of whole lines. */
export interface VimRange {
  readonly start: number;
  readonly end: number;
  readonly lines: boolean;
}

/** How often a motion is made; `given` tells whether somebody typed the number. */
export interface VimCount {
  readonly times: number;
  readonly given: boolean;
}

type Step = (cells: readonly Cell[], cursor: number) => number;

/** Motions that are made again and again. */
const STEPS: { readonly [key: string]: Step } = {
  h: (cells, at) => Math.max(lineStart(cells, at), previousCell(cells, at)),
  l: (cells, at) => Math.min(lineEnd(cells, at), nextCell(cells, at)),
  w: nextWord,
  b: wordStart,
  e: (cells, at) => previousCell(cells, wordEnd(cells, nextCell(cells, at))),
  // A word that is changed keeps the space behind it.
  cw: wordEnd,
};

/** Motions to a place of the line or of the text. */
const PLACES: {
  readonly [key: string]: (cells: readonly Cell[], cursor: number, count: VimCount) => number;
} = {
  "0": lineStart,
  "^": lineIndent,
  $: (cells, at, { times }) => lineEnd(cells, lineBelow(cells, at, times - 1)),
  gg: (cells, _, { times }) => lineIndent(cells, lineBelow(cells, 0, times - 1)),
  G: (cells, _, { times, given }) => lineIndent(cells, given ? lineBelow(cells, 0, times - 1) : endOf(cells)),
};

/** Motions that take whole lines with them. */
const LINES = new Set(["gg", "G", "j", "k"]);

/** Where a motion leads; `undefined` for a key that is none. Rows, `j` and `k`, are the editor's own. */
export function motionTarget(
  key: string,
  cells: readonly Cell[],
  cursor: number,
  count: VimCount,
): number | undefined {
  const place = own(PLACES, key);
  if (place !== undefined) return place(cells, cursor, count);
  const step = own(STEPS, key);
  if (step === undefined) return undefined;
  let at = cursor;
  for (let left = count.times; left > 0; left--) {
    const next = step(cells, at);
    if (next === at) break;
    at = next;
  }
  return at;
}

/** What an operator acts on with a motion; `undefined` for a key that is none. */
export function motionRange(
  key: string,
  cells: readonly Cell[],
  cursor: number,
  count: VimCount,
): VimRange | undefined {
  if (LINES.has(key)) return linesRange(cells, cursor, lineTarget(key, cells, cursor, count));
  const target = motionTarget(key, cells, cursor, count);
  if (target === undefined) return undefined;
  if (target < cursor) return { start: target, end: cursor, lines: false };
  const end =
    key === "e" ? nextCell(cells, target) : key === "w" ? wordOnLine(cells, cursor, target) : target;
  return { start: cursor, end, lines: false };
}

/** Whole lines, from that of one place to that of another, without the line feed at their end. */
export function linesRange(cells: readonly Cell[], from: number, to: number): VimRange {
  const [first, last] = from < to ? [from, to] : [to, from];
  return { start: lineStart(cells, first), end: lineEnd(cells, last), lines: true };
}

/** The start of the line `by` lines below, or of the last one. */
export function lineBelow(cells: readonly Cell[], cursor: number, by: number): number {
  let at = lineStart(cells, cursor);
  for (let left = by; left > 0; left--) {
    const end = lineEnd(cells, at);
    if (end >= endOf(cells)) break;
    at = end + 1;
  }
  return at;
}

/** Where the cursor rests when nothing is typed: on a character, and not behind the last one of a line. */
export function restingPlace(cells: readonly Cell[], cursor: number): number {
  if (cursor !== lineEnd(cells, cursor)) return cursor;
  return Math.max(lineStart(cells, cursor), previousCell(cells, cursor));
}

function lineTarget(key: string, cells: readonly Cell[], cursor: number, count: VimCount): number {
  if (key === "j") return lineBelow(cells, cursor, count.times);
  if (key !== "k") return motionTarget(key, cells, cursor, count) ?? cursor;
  let at = lineStart(cells, cursor);
  for (let left = count.times; left > 0 && at > 0; left--) at = lineStart(cells, at - 1);
  return at;
}

/** With the last word of a line an operator takes the rest of that line, and not the line feed. */
function wordOnLine(cells: readonly Cell[], cursor: number, target: number): number {
  if (lineStart(cells, target) <= cursor) return target;
  return Math.min(target, lineEnd(cells, Math.max(cursor, wordStart(cells, target))));
}

function endOf(cells: readonly Cell[]): number {
  return cells.at(-1)?.end ?? 0;
}

function own<TValue>(table: { readonly [key: string]: TValue }, key: string): TValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
