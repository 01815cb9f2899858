/** Draws the rail in a given room. It never takes more rows than it is given. */
import { duration } from "../terminal/duration.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, type Span, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import {
  padEnd,
  padStart,
  repeat,
  truncate,
  truncateLine,
  truncateStart,
  widthOf,
} from "../terminal/width.ts";
import { minutes, rateOf, tokensText, waitingLine, waitingText } from "./figures.ts";
import type { GraphMark } from "./graph-lines.ts";
import { onlyWaits } from "./only-waits.ts";
import { pausedLines } from "./paused-lines.ts";
import { MAX_GRID, MAX_ROWS, type RailEntry, type RailState, type RailStatus } from "./rail-entry.ts";
import { hasLanes, STATE_INSIDES } from "./state-insides.ts";

/** The room for the rail. */
export interface RailRoom {
  /** Cells. */
  readonly width: number;
  /** Rows at most. */
  readonly height: number;
  /** Milliseconds since the epoch, for the times of what still runs. */
  readonly now: number;
  readonly theme: Theme;
}

/** Below this width there are glyphs, and one name. */
export const NARROW = 60;
/** Cells of a lane's name. */
export const MAX_NAME = 24;
const GRID_COLUMNS = 3;

/** The sign of each status, on the rail, in a graph and in the view of a run. */
export const STATUS_GLYPHS: Readonly<Record<RailStatus, Exclude<GraphMark, "idle">>> = {
  running: "running",
  waiting: "waiting",
  retrying: "retry",
  done: "done",
  failed: "failed",
  cancelled: "skipped",
  skipped: "skipped",
};

/** The rail as lines, none wider than the room and no more than its rows. */
export function railLines(state: RailState, room: RailRoom): readonly Line[] {
  if (room.height <= 0 || room.width <= 0 || state.status === "idle") return [];
  const roots = childrenOf(state, undefined);
  const paused = pausedLines(state, room);
  const left = { ...room, height: Math.max(1, room.height - paused.length) };
  const rail = room.width < NARROW ? narrowLines(state, roots, left) : wideLines(state, roots, left);
  return [...paused, ...rail].slice(0, room.height).map((line) => truncateLine(line, room.width));
}

function childrenOf(state: RailState, parent: string | undefined): RailEntry[] {
  const children = [...state.entries.values()].filter((entry) => entry.parent === parent);
  return children.sort((a, b) => a.order - b.order);
}

function narrowLines(state: RailState, roots: readonly RailEntry[], room: RailRoom): Line[] {
  const { glyphs, styles } = room.theme;
  const marks = roots.map((entry) => markOf(state, entry, room.theme));
  const total = roots.length + state.ahead.length;
  const active = activeEntry(roots);
  const ahead = span(repeat(glyphs.idle, state.ahead.length), styles.idle);
  const name =
    active === undefined ? safe`` : trimmed(safe` ${active.name} ${timeOf(state, active, room.now)}`);
  const first: Line = [{ text: safe` ` }, ...marks, ahead, { text: safe` ${roots.length}/${total}${name}` }];
  const fan = activeFan(state, roots);
  return fan === undefined ? [first] : [first, [{ text: safe` ` }, ...countSpans(state, fan, room.theme)]];
}

function wideLines(state: RailState, roots: readonly RailEntry[], room: RailRoom): Line[] {
  const fan = activeFan(state, roots);
  const lanes = fan === undefined ? [] : childrenOf(state, fan.path);
  if (fan === undefined || lanes.length === 0) return [chain(state, roots, room)];
  if (fan.branches <= MAX_ROWS && lanes.length <= room.height)
    return laneLines(state, roots, fan, lanes, room);
  const first = chain(state, roots, room);
  const rows = Math.ceil(lanes.length / GRID_COLUMNS);
  if (fan.branches <= MAX_GRID && rows + 1 <= room.height) return [first, ...gridLines(state, lanes, room)];
  return [first, [{ text: safe`   ` }, ...countSpans(state, fan, room.theme)]];
}

/** All states in one row; when there is no room, the oldest go first. */
function chain(state: RailState, roots: readonly RailEntry[], room: RailRoom): Line {
  const { glyphs, styles } = room.theme;
  const active = activeEntry(roots);
  const items: Line[] = roots.map((entry) => {
    const inner = entry === active ? insideOf(state, entry) : undefined;
    const name = inner === undefined ? entry.name : safe`${entry.name} ${glyphs.into} ${inner.name}`;
    const visits = entry.visit > 1 ? safe` ×${entry.visit}` : safe``;
    const head: Line = [
      markOf(state, entry, room.theme),
      { text: safe` ${truncate(name, MAX_NAME * 2)}${visits}` },
    ];
    if (entry === active) return [...head, span(safe` ${progress(state, entry, inner, room)}`, styles.dim)];
    const { background = 0 } = entry;
    return background > 0 ? [...head, span(safe` +${background} in the background`, styles.dim)] : head;
  });
  items.push(...state.ahead.map((name): Line => [span(safe`${glyphs.idle} ${name}`, styles.idle)]));
  const link = safe` ${glyphs.link} `;
  const at = active === undefined ? items.length - 1 : roots.indexOf(active);
  let from = 0;
  // The active state must stay visible; the edge cuts the states after it.
  while (from < at && lineWidth(items.slice(from, at + 1)) + 3 > room.width) from++;
  const seen = items.slice(from);
  const start = from > 0 ? safe` ${glyphs.ellipsis}${link}` : safe` `;
  return [
    { text: start },
    ...seen.flatMap((item, index) => (index === 0 ? item : [{ text: link }, ...item])),
  ];
}

function laneLines(
  state: RailState,
  roots: readonly RailEntry[],
  fan: RailEntry,
  lanes: readonly RailEntry[],
  room: RailRoom,
): Line[] {
  const { glyphs, styles } = room.theme;
  const before = roots.find(
    (entry) => entry.order === fan.order - 1 || roots.indexOf(entry) === roots.indexOf(fan) - 1,
  );
  const head: Line =
    before === undefined || room.width < 80
      ? [{ text: safe` ` }]
      : [
          { text: safe` ` },
          markOf(state, before, room.theme),
          { text: safe` ${truncate(before.name, MAX_NAME)} ${glyphs.link}` },
        ];
  const margin = repeat(safe` `, widthOf(textOf(head)));
  const nameWidth = Math.min(MAX_NAME, Math.max(...lanes.map((lane) => widthOf(lane.name))));
  const lines = lanes.map((lane, at): Line => {
    const first = at === 0;
    const bracket = first ? glyphs.laneFirst : at === lanes.length - 1 ? glyphs.laneLast : glyphs.lane;
    const start: Line = [
      ...(first ? head : [{ text: margin }]),
      { text: safe`${lanes.length === 1 ? glyphs.link : bracket} ` },
      markOf(state, lane, room.theme),
      { text: safe` ${padEnd(truncate(lane.name, nameWidth), nameWidth)} ` },
      span(
        safe`${padStart(timeOf(state, lane, room.now), 6)} ${padStart(tokensText(lane), 5)}  `,
        styles.dim,
      ),
    ];
    return [...start, { text: laneText(state, lane, room, room.width - widthOf(textOf(start))) }];
  });
  const waits = safe`(waits ${fan.done + fan.failed + fan.skipped}/${fan.branches})`;
  const next = state.ahead[0];
  if (next !== undefined && lines.length < room.height)
    lines.push([{ text: safe`${margin}  ` }, span(safe`${glyphs.idle} ${next} ${waits}`, styles.idle)]);
  return lines;
}

function gridLines(state: RailState, lanes: readonly RailEntry[], room: RailRoom): Line[] {
  const width = Math.floor((room.width - 3) / GRID_COLUMNS);
  const rows: Line[] = [];
  for (let at = 0; at < lanes.length; at += GRID_COLUMNS) {
    const cells = lanes.slice(at, at + GRID_COLUMNS).flatMap((lane): Span[] => {
      const time = timeOf(state, lane, room.now);
      const text = safe` ${truncate(lane.name, Math.max(1, width - 10))} ${time}`;
      return [markOf(state, lane, room.theme), { text: padEnd(truncate(text, width - 2), width - 1) }];
    });
    rows.push([{ text: safe`   ` }, ...cells]);
  }
  return rows;
}

function countSpans(state: RailState, fan: RailEntry, theme: Theme): Line {
  const { glyphs, styles } = theme;
  const asks = childrenOf(state, fan.path).filter((lane) => asking(state, lane) !== undefined).length;
  const running = fan.started - fan.done - fan.failed - asks;
  const waiting = Math.max(0, fan.branches - fan.started - fan.skipped);
  const parts: readonly (readonly [SafeText, number, Span["style"]])[] = [
    [glyphs.waiting, asks, styles.waiting],
    [glyphs.running, running, styles.running],
    [glyphs.done, fan.done, styles.done],
    [glyphs.failed, fan.failed, styles.failed],
    [glyphs.skipped, fan.skipped, styles.idle],
    [glyphs.idle, waiting, styles.idle],
  ];
  return parts
    .filter(([, size]) => size > 0)
    .map(([glyph, size, style]) => span(safe`${glyph} ${size}  `, style));
}

/** What a lane is doing: its last line, its tool, why it is tried again, or its output. */
function laneText(state: RailState, lane: RailEntry, room: RailRoom, width: number): SafeText {
  if (lane.status === "retrying") return truncate(retryText(lane, room.now), width);
  const asks = asking(state, lane);
  if (asks !== undefined) return truncate(waitingLine(asks), width);
  if (lane.endedAt !== undefined) return truncate(oneLine(lane.line), width);
  const inner = insideOf(state, lane) ?? lane;
  const line = oneLine(inner.line);
  if (line === "" || inner.written === 0) return truncate(line, width);
  return safe`“${truncateStart(line, Math.max(0, width - 2))}”`;
}

function progress(
  state: RailState,
  entry: RailEntry,
  inner: RailEntry | undefined,
  room: RailRoom,
): SafeText {
  const { glyphs } = room.theme;
  if (entry.status === "retrying") return retryText(entry, room.now);
  const at = inner ?? entry;
  if (at.status === "waiting") return trimmed(safe`${waitingText(at)} ${waited(at, room.now)}`);
  const spent = entry.tokens === 0 ? safe`` : safe`  ${tokensText(entry)} tok`;
  const rate = rateOf(inner ?? entry, room.now);
  const time = onlyWaits(state) ? waited(entry, room.now) : elapsed(entry, room.now);
  return safe`${time}${spent}${rate === 0 ? safe`` : safe` ${glyphs.down}${rate}/s`}`;
}

function retryText(entry: RailEntry, now: number): SafeText {
  const { retry } = entry;
  if (retry === undefined) return safe`retries`;
  const wait = Math.max(0, Math.ceil((retry.until - now) / 1000));
  return safe`${oneLine(retry.reason)} · retry ${retry.attempt + 1}${wait > 0 ? safe` in ${wait}s` : safe``}`;
}

function activeEntry(entries: readonly RailEntry[]): RailEntry | undefined {
  return entries.find((entry) => entry.endedAt === undefined) ?? undefined;
}

/** The innermost activation that runs inside another, through nested orchestrations. */
function insideOf(state: RailState, entry: RailEntry): RailEntry | undefined {
  let inner: RailEntry | undefined;
  let at: RailEntry | undefined = entry;
  while (at !== undefined && STATE_INSIDES[at.kind] === "one") {
    at = activeEntry(childrenOf(state, at.path));
    inner = at ?? inner;
  }
  return inner;
}

/** The activation that waits for an answer: this one, or the innermost in it. */
function asking(state: RailState, entry: RailEntry): RailEntry | undefined {
  const inner = insideOf(state, entry) ?? entry;
  return inner.status === "waiting" ? inner : undefined;
}

/** The fan-out that runs now, at the top or inside nested orchestrations. */
function activeFan(state: RailState, roots: readonly RailEntry[]): RailEntry | undefined {
  const active = activeEntry(roots);
  if (active === undefined) return undefined;
  const entry = insideOf(state, active) ?? active;
  return hasLanes(entry.kind) ? entry : undefined;
}

/** What waits inside of an entry is what the entry waits for. */
function markOf(state: RailState, entry: RailEntry, theme: Theme): Span {
  const { status } = asking(state, entry) ?? entry;
  return span(theme.glyphs[STATUS_GLYPHS[status]], statusStyle(status, theme));
}

/** How a status looks. */
export function statusStyle(status: RailStatus, theme: Theme): Span["style"] {
  if (status === "retrying") return theme.styles.retry;
  return status === "cancelled" || status === "skipped" ? theme.styles.idle : theme.styles[status];
}

/** How long it has taken; what waits for a person does not move before a minute is over. */
function timeOf(state: RailState, entry: RailEntry, now: number): SafeText {
  const waits = entry.endedAt === undefined && (asking(state, entry) !== undefined || onlyWaits(state));
  return waits ? waited(entry, now) : elapsed(entry, now);
}

function waited({ startedAt }: RailEntry, now: number): SafeText {
  return minutes(Math.max(0, now - startedAt));
}

function trimmed(text: SafeText): SafeText {
  return safeText(text.trimEnd());
}

function elapsed(entry: RailEntry, now: number): SafeText {
  return duration(Math.max(0, (entry.endedAt ?? now) - entry.startedAt));
}

/** A text on one line. */
export function oneLine(text: SafeText): SafeText {
  return safeText(text.replaceAll("\n", " ").replaceAll("\t", " ").trim());
}

function textOf(line: Line): SafeText {
  return line.reduce((text, piece) => safe`${text}${piece.text}`, safe``);
}

function lineWidth(items: readonly Line[]): number {
  return items.reduce((sum, item) => sum + widthOf(textOf(item)) + 3, 0);
}
