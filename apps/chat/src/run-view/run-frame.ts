/** Draws the view of a run: a head, the rows, the details of the chosen one, and a line of keys. */
import type { Graph } from "@orch/core/draw";
import { tokensText } from "../rail/figures.ts";
import { STATUS_GLYPHS } from "../rail/rail-lines.ts";
import { duration } from "../terminal/duration.ts";
import { type SafeText, safe, safeText, visibleText } from "../terminal/safe-text.ts";
import { type Line, mergeStyles, plainText, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { repeat, truncateLine, truncateStart, widthOf, wrapLine } from "../terminal/width.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import { footLines } from "./run-foot.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunRow } from "./run-rows.ts";
import { sheetLines } from "./run-sheets.ts";
import type { RunViewFacts, RunViewNote, RunViewState } from "./run-view-state.ts";
import { lookOf, roleOf } from "./step-look.ts";

/** What is drawn. */
export interface RunFrameFacts {
  readonly state: RunViewState;
  readonly run: RunRecord;
  readonly rows: readonly RunRow[];
  /** The row that is chosen. */
  readonly at: number;
  /** The details of the chosen row. */
  readonly details: (row: RunRow, width: number) => readonly Line[];
  readonly graph: Graph | undefined;
  readonly events: number;
  readonly theme: Theme;
  readonly now: number;
  readonly note?: RunViewNote;
  /** Why there is nothing. */
  readonly empty?: SafeText;
}

/** The lines of a frame, and what they show. */
export interface RunFrame {
  readonly lines: readonly Line[];
  readonly facts: RunViewFacts;
}

/** From here on the details stand beside the rows. */
const WIDE = 80;
const MIN_LIST = 34;
/** Rows of a message under the view. */
const MAX_FOOT = 5;
const MAX_LIST = 58;

/** Draws a frame in all rows of the window but the last one, as the alternate screen wants it. */
export function runFrame(facts: RunFrameFacts, { columns, rows }: WindowSize): RunFrame {
  const width = Math.max(1, columns - 1);
  const height = Math.max(3, rows - 1);
  const head = headLine(facts, width);
  const foot = footLines(facts, width, Math.max(1, Math.min(MAX_FOOT, height - 4)));
  const room = Math.max(1, height - 1 - foot.length);
  const body = bodyOf(facts, width, room);
  const empty: readonly Line[] = Array.from({ length: Math.max(0, room - body.lines.length) }, () => []);
  return { lines: [head, ...body.lines, ...empty, ...foot], facts: body.facts };
}

function bodyOf(facts: RunFrameFacts, width: number, height: number): RunFrame {
  const { state, rows } = facts;
  if (state.sheet !== undefined) return whole(sheetLines(facts, width), facts, height);
  if (rows.length === 0) return whole(emptyLines(facts, width), facts, height);
  if (state.full) return whole(detailsOf(facts, width), facts, height);
  if (width + 1 >= WIDE) {
    const list = Math.max(MIN_LIST, Math.min(MAX_LIST, Math.floor(width * 0.46)));
    const left = listLines(facts, list, height);
    const right = detailsOf(facts, width - list - 3);
    const scroll = Math.min(state.scroll, Math.max(0, right.length - height));
    const bar = span(safe` ${facts.theme.glyphs.quote} `, facts.theme.styles.rule);
    const lines = Array.from({ length: height }, (_, row): Line => {
      const line = left[row] ?? [];
      const gap = repeat(safe` `, list - lineWidth(line));
      return [...line, { text: gap }, bar, ...(right[scroll + row] ?? [])];
    });
    return {
      lines: lines.map((line) => truncateLine(line, width)),
      facts: seen(facts, height, height, right.length),
    };
  }
  const listRows = Math.max(2, Math.min(rows.length, Math.ceil((height - 1) * (height < 12 ? 0.6 : 0.45))));
  const detailRows = Math.max(0, height - listRows - 1);
  const details = detailsOf(facts, width);
  const scroll = Math.min(state.scroll, Math.max(0, details.length - detailRows));
  const rule: Line = [span(repeat(facts.theme.glyphs.rule, width), facts.theme.styles.rule)];
  const shown = details.slice(scroll, scroll + detailRows);
  return {
    lines: [...listLines(facts, width, listRows), rule, ...shown],
    facts: seen(facts, listRows, detailRows, details.length),
  };
}

/** One text that has all the room. */
function whole(all: readonly Line[], facts: RunFrameFacts, height: number): RunFrame {
  const scroll = Math.min(facts.state.scroll, Math.max(0, all.length - height));
  return { lines: all.slice(scroll, scroll + height), facts: seen(facts, height, height, all.length) };
}

function seen(
  { rows, events }: RunFrameFacts,
  listRows: number,
  detailRows: number,
  length: number,
): RunViewFacts {
  return {
    rows: rows.map(({ step }) => step.key),
    listRows,
    detailRows,
    maxScroll: Math.max(0, length - detailRows),
    events,
  };
}

function headLine({ run, state, events, theme }: RunFrameFacts, width: number): Line {
  const { styles, glyphs } = theme;
  const status = run.status === "idle" ? undefined : run.status;
  const took = run.duration === undefined ? safe`` : safe` ${duration(run.duration)}`;
  const word =
    status === undefined ? safe`` : safe`${glyphs[STATUS_GLYPHS[status]]} ${safeText(status)}${took}`;
  const figures = [
    ...(state.at === undefined ? [] : [safe`replay ${state.at}/${events}`]),
    ...(run.waiting > 0 ? [safe`${glyphs.waiting} ${run.waiting} waits: q and answer`] : []),
    ...(state.filter !== "" || state.filtering ? [safe`/${visibleText(state.filter)}`] : []),
    ...(run.tokens > 0 ? [safe`${tokensText(run)} tok`] : []),
    ...(run.cost > 0 ? [costOf(run)] : []),
  ];
  const line: Line = [
    span(safe` ${visibleText(run.orchestration)} `, styles.strong),
    span(word, status === undefined ? undefined : styles[roleOf(status)]),
    span(figures.length === 0 ? safe`` : safe`  ${safeText(figures.join(" · "))}`, styles.dim),
  ];
  const id = safe`${visibleText(run.runId)} `;
  const gap = width - lineWidth(line) - widthOf(id);
  if (gap < 2) return truncateLine(line, width);
  return [...line, { text: repeat(safe` `, gap) }, span(id, styles.dim)];
}

/** With a sign for calls whose price nobody knows. */
function costOf({ cost, unpriced }: RunRecord): SafeText {
  return safeText(`$${cost.toFixed(cost < 0.1 ? 4 : 2)}${unpriced > 0 ? "+" : ""}`);
}

function detailsOf({ rows, at, details }: RunFrameFacts, width: number): readonly Line[] {
  const row = rows[at];
  return row === undefined ? [] : details(row, Math.max(8, width));
}

/** The rows around the chosen one. */
function listLines(facts: RunFrameFacts, width: number, height: number): readonly Line[] {
  const { rows, at } = facts;
  const first = Math.max(0, Math.min(at - (height >> 1), rows.length - height));
  return rows
    .slice(first, first + height)
    .map((row, index) => rowLine(row, first + index === at, facts, width));
}

function rowLine(row: RunRow, isChosen: boolean, { theme, now, state }: RunFrameFacts, width: number): Line {
  const { styles, glyphs } = theme;
  const { glyph, role, label, note, took, saying } = lookOf(row.step, row.parent, now);
  const mark = isChosen ? span(safe`${glyphs.prompt} `, styles.accent) : span(safe`  `);
  const branch = row.lane === undefined ? safe`` : row.lane === "last" ? glyphs.laneLast : glyphs.lane;
  const margin = repeat(safe` `, Math.min(8, row.depth * 2) - widthOf(branch));
  const name = isChosen
    ? mergeStyles(row.step.type === "move" ? styles.dim : undefined, {
        ...styles.strong,
        inverse: !state.reading,
      })
    : undefined;
  const look = row.step.type === "move" && !isChosen ? styles.dim : name;
  const head: Line = [
    mark,
    span(safe`${margin}${branch}`, styles.rule),
    span(safe`${glyphs[glyph]} `, styles[role]),
    span(label, look),
  ];
  const end = took === "" ? safe`` : safe` ${took}`;
  const room = width - widthOf(end);
  const noteRoom = room - lineWidth(head) - 2;
  const shown = saying ? truncateStart(note, Math.max(1, noteRoom)) : note;
  const said = span(note === "" ? safe`` : safe`  ${shown}`, styles.dim);
  const left = truncateLine([...head, said], Math.max(1, room));
  return [...left, { text: repeat(safe` `, room - lineWidth(left)) }, span(end, styles.dim)];
}

function emptyLines({ empty, state, theme }: RunFrameFacts, width: number): readonly Line[] {
  const text =
    state.filter === "" ? (empty ?? safe`Nothing happened yet.`) : safe`No row has that text. Esc shows all.`;
  return [[], ...wrapLine([span(safe` ${text}`, theme.styles.dim)], width)];
}

function lineWidth(line: Line): number {
  return widthOf(plainText(line));
}
