import type { Graph } from "../words/graph.ts";
import {
  arrowCaption,
  branchCaption,
  countText,
  durationText,
  joined,
  kindCaption,
  printable,
  troublesCaption,
} from "./captions.ts";
import { type Arrow, type Box, type DrawOptions, type Level, pictureOf } from "./picture.ts";
import type { RecordedRun, RecordedState, RecordedStatus } from "./recorded-run.ts";

/** How an orchestration is drawn as text. */
export interface TextOptions extends DrawOptions {
  /** Cells of a line at most; the figures of a run stand at its end. Default 80. */
  readonly width?: number;
  /** Uses nothing but ASCII. Default false. */
  readonly ascii?: boolean;
  /** The present, in milliseconds since the epoch: what runs then shows its time so far. */
  readonly now?: number;
}

/** Below this width the figures follow the name instead of standing in columns. */
const NARROW = 56;
/** Cells of a run's figures: visits, time, tokens. */
const COLUMNS = [6, 8, 11] as const;

/**
 * Draws an orchestration, or a run of it, as indented lines for a terminal, without colours. Each
 * state stands once, with what is inside it and the ways out of it under it; `▶` is the start, `◎` a
 * finish, and `↺` a way back to a state above. The place of a state does not move while a run goes on,
 * except for states that it makes.
 *
 * @example
 * ```ts
 * console.log(toText(research.graph, { run: recordRun(events), width: 100 }));
 * ```
 */
export function toText(graph: Graph, options: TextOptions = {}): string {
  const { id, level, run } = pictureOf(graph, options);
  const page = new Page(options);
  page.row(
    "",
    run === undefined ? printable(id) : `${printable(id)}: ${statusOf(run)}`,
    totals(run, options),
  );
  page.level(level, "");
  return `${page.lines.join("\n")}\n`;
}

interface Signs {
  readonly marks: Readonly<Record<RecordedStatus | "idle", string>>;
  readonly start: string;
  readonly finish: string;
  readonly way: string;
  readonly back: string;
  readonly between: string;
  readonly last: string;
  readonly side: string;
  readonly ellipsis: string;
}

const UNICODE: Signs = {
  marks: {
    idle: "○",
    running: "◐",
    waiting: "?",
    completed: "●",
    failed: "✗",
    cancelled: "⊘",
    skipped: "⊘",
  },
  start: "▶",
  finish: "◎",
  way: "→",
  back: "↺",
  between: "├",
  last: "└",
  side: "│",
  ellipsis: "…",
};

const ASCII: Signs = {
  marks: { idle: ".", running: "~", waiting: "?", completed: "*", failed: "x", cancelled: "-", skipped: "-" },
  start: ">",
  finish: "(finish)",
  way: ">",
  back: "^",
  between: "|",
  last: "`",
  side: "|",
  ellipsis: "~",
};

/** The lines of a drawing. */
class Page {
  readonly lines: string[] = [];
  readonly #signs: Signs;
  readonly #ascii: boolean;
  readonly #width: number;
  readonly #run: RecordedRun | undefined;
  readonly #now: number | undefined;

  constructor({ width = 80, ascii = false, run, now }: TextOptions) {
    this.#signs = ascii ? ASCII : UNICODE;
    this.#ascii = ascii;
    this.#width = width;
    this.#run = run;
    this.#now = now;
  }

  level(level: Level, margin: string): void {
    const starts = level.kind === "machine";
    for (const box of level.boxes) {
      const start = starts ? `${box.start ? this.#signs.start : " "} ` : "";
      this.#box(box, `${margin}${start}`, `${margin}${starts ? "  " : ""}`, level.arrows);
    }
  }

  /** One line: the figures at its end. */
  row(margin: string, text: string, figures: readonly string[]): void {
    const columns = this.#run !== undefined && this.#width >= NARROW;
    const plain = this.#ascii ? (line: string) => asciiOf(line) : (line: string) => line;
    if (!columns) {
      const line = joined([`${margin}${text}`, ...figures], "  ");
      this.lines.push(this.#cut(plain(line), this.#width));
      return;
    }
    const room = this.#width - COLUMNS.reduce<number>((sum, column) => sum + column, 0);
    const body = this.#cut(plain(`${margin}${text}`), room);
    const right = figures.map((figure, index) => plain(figure).padStart(COLUMNS[index]!)).join("");
    this.lines.push(`${body}${" ".repeat(room - cellsOf(body))}${right}`.trimEnd());
  }

  #box(box: Box, margin: string, inner: string, arrows: readonly Arrow[]): void {
    const { marks, finish, side, between, last } = this.#signs;
    const mark = this.#run === undefined ? "" : `${marks[box.seen?.status ?? "idle"]} `;
    const kind = kindCaption(box);
    const trouble = box.seen === undefined ? "" : troublesCaption(box.seen, ", ");
    const text = [
      `${mark}${nameOf(box)}`,
      kind === "" ? "" : `[${kind}]`,
      box.finish ? finish : "",
      trouble === "" ? "" : `(${trouble})`,
    ];
    this.row(margin, joined(text, " "), this.#figures(box.seen));
    const out = arrows.filter((arrow) => arrow.from === box);
    if (box.level !== undefined) this.level(box.level, `${inner}${side} `);
    for (const [index, arrow] of out.entries()) {
      const branch = index === out.length - 1 ? last : between;
      this.#arrow(arrow, `${inner}${branch}`);
    }
  }

  #arrow(arrow: Arrow, margin: string): void {
    const sign = arrow.back ? this.#signs.back : this.#signs.way;
    const { count = 0, ...rest } = arrow;
    const says = printable(arrowCaption(rest));
    const figures = count > 0 ? [`×${count}`, "", ""] : [];
    this.row(margin, joined([`${sign} ${printable(arrow.to.id)}`, says], "  "), figures);
  }

  #figures(seen: RecordedState | undefined): readonly string[] {
    if (seen === undefined || seen.visits === 0) return [];
    const running =
      seen.active > 0 && this.#now !== undefined && seen.startedAt !== undefined
        ? this.#now - seen.startedAt
        : 0;
    const time = seen.duration + running;
    const known = seen.visits > seen.active || running > 0;
    return [
      `×${seen.visits}`,
      known ? durationText(time) : "",
      seen.tokens > 0 ? `${countText(seen.tokens)} tok` : "",
    ];
  }

  #cut(line: string, width: number): string {
    if (cellsOf(line) <= width) return line;
    let cut = "";
    let cells = 0;
    for (const character of line) {
      cells += cellsOf(character);
      if (cells > width - 1) break;
      cut += character;
    }
    return width < 1 ? "" : `${cut}${this.#signs.ellipsis}`;
  }
}

/** A branch under a key that is its id is named once. */
function nameOf(box: Box): string {
  const key = printable(branchCaption(box));
  const id = printable(box.id);
  if (key === "") return id;
  return box.branch?.key === box.id ? key : `${key}: ${id}`;
}

function statusOf(run: RecordedRun): string {
  const { status, questions, waits } = run;
  const count = questions.length;
  const open = count === 0 ? "" : `, ${count} ${count === 1 ? "question" : "questions"} open`;
  const names = new Set(waits.flatMap(({ signal }) => signal ?? []));
  const signals = names.size === 0 ? "" : `, for ${[...names].join(" or ")}`;
  return `${status}${open}${signals}`;
}

function totals(run: RecordedRun | undefined, { now }: TextOptions): readonly string[] {
  if (run === undefined || run.status === "idle") return [];
  const time = run.duration ?? (now === undefined ? undefined : now - run.startedAt);
  const tokens = run.tokens > 0 ? `${countText(run.tokens)} tok` : "";
  return ["", time === undefined ? "" : durationText(time), tokens];
}

/** Cells of a text: wide characters take two, those that join another take none. */
function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += WIDE.test(character) ? 2 : /[\p{Mn}\p{Me}]/u.test(character) ? 0 : 1;
  return cells;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function asciiOf(line: string): string {
  return line
    .replaceAll("×", "x")
    .replaceAll(" · ", ", ")
    .replace(/[^\u0020-\u007e]/gu, "?");
}
