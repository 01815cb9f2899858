/**
 * The live region on the terminal, for windows that change at any moment. A terminal lays its rows out anew when its window
 * changes, and the program hears of it later: what it wrote until then was meant for the window before, and it cannot
 * tell how far up a row stands by now. So nothing is written here whose effect depends on the size of the window:
 *
 * - The cursor rests in the region. A terminal that lays all lines out anew (tmux, VTE) leaves the cursor on its character,
 *   and the rows above it are more or fewer then: while rows follow fast it rests at the beginning there, from where there is
 *   nothing to go up by, and rows that get lost are below. Others (xterm.js) leave the line alone in which the cursor is,
 *   and lose count of the lines below: to them the rows are one line, broken at the right edge, and the cursor may rest at
 *   the input (`cursor-place.ts`).
 * - The rows are made empty first, and filled then from the last to the first. Where there are more than the window has, it is
 *   empty ones that scroll away; and a window that gets lower meanwhile takes only rows that are drawn again soon.
 * - A row never breaks into two, because it is written with automatic breaks off.
 * - What is printed for good stands above, with line feeds, and is the terminal's to break.
 */
import { stripVTControlCharacters } from "node:util";
import { widthOf } from "../terminal/width.ts";
import type { WindowSize } from "../terminal/window-size.ts";

const ESC = "\u001b";
const BEGIN = `${ESC}[?2026h`;
const END = `${ESC}[?2026l`;
const HIDE = `${ESC}[?25l`;
const SHOW = `${ESC}[?25h`;
const BREAKS = `${ESC}[?7h`;
const NO_BREAKS = `${ESC}[?7l`;
/** From the cursor's row on. A window that is erased from its first cell on is kept in the scrollback by tmux, so it is the second one. */
const ERASE = `\r${ESC}[K ${ESC}[J\r`;
/** To the last column, a space there, and one more that breaks. */
const BREAK = `${ESC}[999G  \r`;
/** To the beginning of the row above. */
const BEFORE = `\r${ESC}[A`;

/** A cell of the live region, from 0. */
export interface LiveCell {
  readonly x: number;
  readonly y: number;
}

/** The live region as it is drawn. */
export interface LiveFrame {
  readonly rows: readonly string[];
  /** Where the terminal's cursor rests; absent where it rests at the beginning and is hidden. */
  readonly cursor?: LiveCell;
}

/** The terminal, as far as the region needs it. */
export interface LiveTerminal {
  readonly write: (text: string) => void;
  readonly size: () => WindowSize;
  /** Whether the line in which the cursor is moves with the width of the window, like all others. */
  readonly reflowsCursor: boolean;
}

/** Draws the live region, and what is printed above it. */
export class LiveRegion {
  readonly #terminal: LiveTerminal;
  #frame: LiveFrame = { rows: [] };
  /** Where the cursor was left; `undefined` when nothing of it is on the screen. */
  #rests: LiveCell | undefined;
  #over = false;

  constructor(terminal: LiveTerminal) {
    this.#terminal = terminal;
  }

  /** How many rows it takes. */
  get height(): number {
    return this.#frame.rows.length;
  }

  /** Draws `frame` in place of the last one. `above` is printed for good; each of its lines ends with a line feed. */
  draw(frame: LiveFrame, above = ""): void {
    if (this.#over) return;
    const erasing = this.#erasing();
    this.#frame = frame;
    this.#write(`${erasing}${above}${this.#rows()}`);
  }

  /** Draws the last frame again. */
  again(above = ""): void {
    this.draw(this.#frame, above);
  }

  /** Draws the last frame again on a window that is wiped, below the text `above`. */
  anew(above: string): void {
    if (this.#over) return;
    this.#rests = undefined;
    this.#write(`${HIDE}${ESC}[H${ERASE}${above}${this.#rows()}`);
  }

  /** Takes the region from the screen, until it is drawn again: somebody else writes where it began. */
  erase(above = ""): void {
    const text = `${this.#erasing()}${above}`;
    this.#rests = undefined;
    if (text !== "") this.#write(`${text}${SHOW}`);
  }

  /** Takes the region from the screen for good. */
  close(above: string): void {
    if (this.#over) return;
    this.erase(above);
    this.#over = true;
  }

  #write(text: string): void {
    this.#terminal.write(`${BEGIN}${text}${END}`);
  }

  /** To the beginning of the region, and erases from there. */
  #erasing(): string {
    if (this.#rests === undefined) return "";
    return `${HIDE}${upBy(this.#rowsAbove(this.#rests))}${ERASE}`;
  }

  #rowsAbove({ x, y }: LiveCell): number {
    if (!this.#terminal.reflowsCursor) return y;
    const { columns } = this.#terminal.size();
    const above = this.#frame.rows.slice(0, y).map((row) => Math.max(1, Math.ceil(cellsOf(row) / columns)));
    return above.reduce((sum, rows) => sum + rows, Math.floor(x / columns));
  }

  #rows(): string {
    const { rows, cursor } = this.#frame;
    this.#rests = cursor ?? { x: 0, y: 0 };
    const room = (this.#terminal.reflowsCursor ? "\n" : BREAK).repeat(Math.max(0, rows.length - 1));
    const drawn = `${room}${NO_BREAKS}${rows.toReversed().join(BEFORE)}${BREAKS}`;
    if (cursor === undefined) return `${drawn}\r`;
    return `${drawn}${cursor.y > 0 ? `${ESC}[${cursor.y}B` : ""}${ESC}[${cursor.x + 1}G${SHOW}`;
  }
}

/** Whether a terminal lays the cursor's line out anew. Of an unknown one it is not assumed: going up too far would erase what was said. */
export function reflowsCursor(env: Readonly<Record<string, string | undefined>>): boolean {
  const known = ["TMUX", "KITTY_WINDOW_ID", "VTE_VERSION", "WEZTERM_PANE", "ALACRITTY_WINDOW_ID"];
  return (
    env["TERM_PROGRAM"] !== "vscode" &&
    (known.some((name) => env[name] !== undefined) || /^(tmux|foot)/.test(env["TERM"] ?? "") || isScreen(env))
  );
}

/** tmux names itself so unless it is told otherwise, and over ssh nothing else is known of it. */
function isScreen({ TERM, STY }: Readonly<Record<string, string | undefined>>): boolean {
  return /^screen\b/.test(TERM ?? "") && STY === undefined;
}

/** Cells of a drawn row, without its colours. */
function cellsOf(row: string): number {
  return widthOf(stripVTControlCharacters(row));
}

function upBy(rows: number): string {
  return rows <= 0 ? "" : `${ESC}[${rows}A`;
}
