/**
 * The live region: everything that is redrawn. It is always at least two rows shorter than the window,
 * because what is taller is stamped into the scrollback with every frame.
 */

import type { EditorState } from "../input/editor-state.ts";
import { editorWindow, MAX_EDITOR_ROWS } from "../input/editor-window.ts";
import { type PanelWindow, panelHint, panelLines } from "../questions/panel-lines.ts";
import { railLines } from "../rail/rail-lines.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { padEnd, truncate, truncateLine, widthOf } from "../terminal/width.ts";
import type { WindowSize } from "../terminal/window-size.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import { withoutBars } from "../transcript/without-bars.ts";
import type { AppState } from "./app-state.ts";
import { isAnswering, lineEditor } from "./panel-door.ts";
import { type StatusFacts, statusLine } from "./status-line.ts";
import type { TurnView } from "./turn-view.ts";

/** The facts from which the live region is drawn. */
export interface FrameFacts extends StatusFacts {
  readonly app: AppState;
  readonly turn: TurnView | undefined;
  readonly style: MarkdownStyle;
  readonly now: number;
}

/** The live region as lines; the editor stands between. */
export interface Frame {
  /** Whether the input line belongs to a question of the run. */
  readonly isAnswering: boolean;
  readonly above: readonly Line[];
  readonly editor: {
    readonly width: number;
    readonly rows: number;
    /** What stands in it. */
    readonly state: EditorState;
    /** What an empty one says. */
    readonly hint: SafeText;
  };
  readonly below: readonly Line[];
}

/** Below this there is no room for anything but the input. */
const MIN_COLUMNS = 24;
const MIN_ROWS = 8;
/** From here on there is room for an empty line. */
const AIRY_ROWS = 16;
const MAX_POPUP = 8;
/** Queued items that are shown; the others are counted in one more row. */
const MAX_QUEUE = 3;
const MAX_RAIL = 6;

/** Cells of the editor's text: its prompt takes two, and the last column stays empty. */
export function editorWidth(columns: number): number {
  return Math.max(1, columns - 3);
}

/** Shares the rows of the window out. */
export function frameOf(facts: FrameFacts, { columns, rows }: WindowSize): Frame {
  const { app, turn, style, now } = facts;
  const width = editorWidth(columns);
  const small = columns < MIN_COLUMNS || rows < MIN_ROWS;
  let room = Math.max(1, rows - 2);
  const take = (lines: readonly Line[], most: number): readonly Line[] => {
    const taken = lines.slice(0, Math.max(0, Math.min(most, room)));
    room -= taken.length;
    return taken;
  };
  const state = lineEditor(app, now);
  const view = editorWindow(state, width, Math.max(1, Math.min(MAX_EDITOR_ROWS, small ? room : room - 2)));
  room -= view.rows.length;
  const answering = isAnswering(app, now);
  const hint = answering ? panelHint(app.panel, now) : hintOf(app);
  const editor = { width, rows: view.rows.length, state, hint };
  const panelRoom = (height: number): PanelWindow => ({
    width: columns - 1,
    height,
    now,
    theme: style.theme,
  });
  if (small)
    return {
      isAnswering: answering,
      above: take(panelLines(app.panel, panelRoom(room)), room),
      editor,
      below: [],
    };

  const status = take([statusLine(facts, columns - 1)], 1);
  const popup = answering ? [] : take(popupLines(facts, columns - 1), MAX_POPUP);
  // A question goes before all that moves.
  const panel = take(panelLines(app.panel, panelRoom(Math.min(room, panelRows(rows)))), room);
  const queue = take(queueLines(facts, columns - 1), MAX_QUEUE + 1);
  if (turn === undefined) {
    const air = rows >= AIRY_ROWS ? take([[]], 1) : [];
    return {
      isAnswering: answering,
      above: [...air, ...queue, ...panel],
      editor,
      below: [...popup, ...status],
    };
  }
  const railRoom = { width: columns - 1, height: Math.min(MAX_RAIL, room), now, theme: style.theme };
  const rail = take(railLines(turn.rail, railRoom), MAX_RAIL);
  const gaps = rows >= AIRY_ROWS ? take([[]], 1) : [];
  const tail = take(withoutBars(turn.tail(Math.min(room, tailRows(rows)), style, now)), room);
  return {
    isAnswering: answering,
    above: [...tail, ...gaps, ...rail, ...queue, ...panel],
    editor,
    below: [...popup, ...status],
  };
}

/**
 * Rows of what is still being written. When a window gets much smaller at once, the terminal pushes the top of the live
 * region into its scrollback, where nothing can be erased; a low region loses none of it that way.
 */
function tailRows(rows: number): number {
  return Math.max(3, rows >> 2);
}

/** Rows for a question: in a low window all there are, in a high one not more than two thirds. */
function panelRows(rows: number): number {
  return Math.max(12, (rows * 2) / 3) | 0;
}

const DIALOG_HINT: SafeText = safe`Enter answers, Esc leaves`;
const HIDDEN_HINT: SafeText = safe`What you type is not shown; Enter takes it, Esc leaves`;
const HINT: SafeText = safe`Ask, or / for commands`;
const HELD_HINT: SafeText = safe`Enter sends what is queued, or type something else`;

function hintOf({ dialog, held }: AppState): SafeText {
  if (dialog !== undefined) return dialog.hidden ? HIDDEN_HINT : DIALOG_HINT;
  return held ? HELD_HINT : HINT;
}

function popupLines({ app, style }: FrameFacts, width: number): readonly Line[] {
  const items = app.completion?.items ?? [];
  const { theme } = style;
  const described = items.some((item) => item.description !== undefined);
  const labels = items.map(({ label }) =>
    truncate(safeText(label.replaceAll("\n", " ")), described ? width >> 1 : width),
  );
  const column = Math.max(0, ...labels.map(widthOf));
  return items.map((item, at) => {
    const chosen = at === app.chosen;
    const mark = chosen ? theme.glyphs.prompt : safe` `;
    const note = safeText((item.description ?? "").replaceAll("\n", " "));
    return truncateLine(
      [
        span(safe`${mark} `, theme.styles.accent),
        span(padEnd(labels[at]!, column), chosen ? theme.styles.strong : undefined),
        span(safe`  ${note}`, theme.styles.dim),
      ],
      width,
    );
  });
}

/** What waits, the next one to go first. */
function queueLines({ app, style }: FrameFacts, width: number): readonly Line[] {
  const { theme } = style;
  const more = app.queue.length - MAX_QUEUE;
  const rows = app.queue.slice(0, MAX_QUEUE).map((text) => safeText(text.replaceAll("\n", " ")));
  return [...rows, ...(more > 0 ? [safe`${more} more`] : [])].map((row) =>
    truncateLine([span(safe`${theme.glyphs.queued} ${row}`, theme.styles.dim)], width),
  );
}
