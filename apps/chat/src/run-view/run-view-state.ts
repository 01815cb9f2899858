/** What keys do in the view of a run, as a pure reducer. */
import type { KeyPress } from "../input/key-chunk.ts";
import type { SafeText } from "../terminal/safe-text.ts";

/** What fills the view beside the rows and the details. */
export type RunSheet = "keys" | "export" | "graph";

/** Everything that keys change. */
export interface RunViewState {
  /** The key of the chosen row; absent while the newest one is followed. */
  readonly chosen?: string;
  /** Whether the arrows move in the details. */
  readonly reading: boolean;
  /** Whether the details have the whole window. */
  readonly full: boolean;
  /** First row of the details, or of a sheet. */
  readonly scroll: number;
  readonly filter: string;
  readonly filtering: boolean;
  readonly sheet?: RunSheet;
  /** How many events are shown, in a replay. */
  readonly at?: number;
  /** A value that is being written, and what it is for. */
  readonly value?: { readonly text: string; readonly purpose: "input" | "output" };
}

/** What the last frame showed. */
export interface RunViewFacts {
  /** The keys of the rows, in their order. */
  readonly rows: readonly string[];
  readonly listRows: number;
  readonly detailRows: number;
  /** The last first row that leaves no room below the details. */
  readonly maxScroll: number;
  /** How many events the run has. */
  readonly events: number;
}

/** The formats of an exported run. */
export const RUN_FORMATS = ["md", "json", "mermaid", "dot", "html"] as const;

/** A format of an exported run. */
export type RunFormat = (typeof RUN_FORMATS)[number];

/** What is to be done beside drawing. */
export type RunViewEffect =
  | { readonly type: "close" }
  | { readonly type: "copy" }
  | { readonly type: "retry" }
  | { readonly type: "export"; readonly format: RunFormat }
  /** Fork from the chosen row, as it was. */
  | { readonly type: "fork" }
  /** Let the user write another input or output. */
  | { readonly type: "edit"; readonly purpose: "input" | "output" }
  /** Fork from the chosen row with the value that was written. */
  | { readonly type: "give"; readonly purpose: "input" | "output"; readonly text: string };

/** The next state, and what to do. */
export interface RunViewStep {
  readonly state: RunViewState;
  readonly effect?: RunViewEffect;
}

/** The view as it opens. */
export const RUN_VIEW_START: RunViewState = {
  reading: false,
  full: false,
  scroll: 0,
  filter: "",
  filtering: false,
};

/** Applies one key. */
export function pressRunView(state: RunViewState, press: KeyPress, facts: RunViewFacts): RunViewStep {
  if (state.value !== undefined) return typeValue(state, state.value, press);
  if (state.filtering) return typeFilter(state, press, facts);
  if (state.sheet !== undefined) return pressSheet(state, press, facts);
  const { key } = press;
  if (key.escape === true) return back(state);
  const moved = move(state, press, facts);
  if (moved !== undefined) return { state: moved };
  if (key.tab === true) return { state: { ...state, reading: !state.reading } };
  if (isEnter(press)) return { state: { ...state, full: !state.full, reading: !state.full } };
  if (key.ctrl === true || key.meta === true) return press.input === "g" ? close(state) : { state };
  return pressLetter(state, press.input);
}

function pressLetter(state: RunViewState, letter: string): RunViewStep {
  switch (letter) {
    case "q":
      return state.full ? { state: { ...state, full: false, reading: false } } : close(state);
    case "/":
      return { state: { ...state, filtering: true } };
    case "?":
      return sheet(state, "keys");
    case "g":
      return sheet(state, "graph");
    case "x":
      return sheet(state, "export");
    case "c":
      return { state, effect: { type: "copy" } };
    case "r":
      return { state, effect: { type: "retry" } };
    case "f":
      return { state, effect: { type: "fork" } };
    case "i":
      return { state, effect: { type: "edit", purpose: "input" } };
    case "o":
      return { state, effect: { type: "edit", purpose: "output" } };
    default:
      return { state };
  }
}

/** Moves among the rows, in the details, or in time; `undefined` for any other key. */
function move(state: RunViewState, press: KeyPress, facts: RunViewFacts): RunViewState | undefined {
  const { input, key } = press;
  const plain = key.ctrl !== true && key.meta !== true;
  if (key.leftArrow === true || (plain && input === "h")) return travel(state, -1, facts);
  if (key.rightArrow === true || (plain && input === "l")) return travel(state, 1, facts);
  const page = state.reading ? Math.max(1, facts.detailRows - 1) : Math.max(1, facts.listRows - 1);
  const by = stepOf(press, page);
  if (by === undefined) return undefined;
  return state.reading ? scrolled(state, by, facts) : chosen(state, by, facts);
}

/** How far a key moves. */
function stepOf({ input, key }: KeyPress, page: number): number | undefined {
  if (key.downArrow === true) return 1;
  if (key.upArrow === true) return -1;
  if (key.pageDown === true) return page;
  if (key.pageUp === true) return -page;
  if (key.home === true) return Number.NEGATIVE_INFINITY;
  if (key.end === true) return Number.POSITIVE_INFINITY;
  if (key.meta === true) return undefined;
  return (key.ctrl === true ? CONTROL_STEPS : LETTER_STEPS)(page).get(input);
}

const CONTROL_STEPS = (_: number): ReadonlyMap<string, number> =>
  new Map([
    ["n", 1],
    ["p", -1],
  ]);

const LETTER_STEPS = (page: number): ReadonlyMap<string, number> =>
  new Map([
    ["j", 1],
    ["k", -1],
    [" ", page],
    ["b", -page],
    ["<", Number.NEGATIVE_INFINITY],
    [">", Number.POSITIVE_INFINITY],
  ]);

function chosen(state: RunViewState, by: number, { rows }: RunViewFacts): RunViewState {
  if (rows.length === 0) return state;
  const now = state.chosen === undefined ? rows.length - 1 : rows.indexOf(state.chosen);
  const at = Math.max(0, Math.min(rows.length - 1, (now < 0 ? 0 : now) + by));
  return { ...state, chosen: rows[at]!, scroll: 0 };
}

function scrolled(state: RunViewState, by: number, { maxScroll }: RunViewFacts): RunViewState {
  return { ...state, scroll: Math.max(0, Math.min(maxScroll, Math.min(state.scroll, maxScroll) + by)) };
}

/** Goes back or on by one event. The end of a replay is the run as it is. */
function travel(state: RunViewState, by: number, { events }: RunViewFacts): RunViewState {
  const { at: before = events, chosen: _, ...rest } = state;
  const at = Math.max(1, before + by);
  if (at >= events) {
    const { at: __, ...now } = state;
    return now;
  }
  return { ...rest, at, scroll: 0 };
}

function pressSheet(state: RunViewState, press: KeyPress, facts: RunViewFacts): RunViewStep {
  const { sheet: open, ...rest } = state;
  const by = stepOf(press, Math.max(1, facts.detailRows - 1));
  if (by !== undefined) return { state: scrolled(state, by, facts) };
  const format = open === "export" ? RUN_FORMATS[Number(press.input) - 1] : undefined;
  if (format !== undefined) return { state: { ...rest, scroll: 0 }, effect: { type: "export", format } };
  const leaves = press.key.escape === true || ["q", "?", "g", "x"].includes(press.input) || isEnter(press);
  return { state: leaves ? { ...rest, scroll: 0 } : state };
}

function typeFilter(state: RunViewState, press: KeyPress, facts: RunViewFacts): RunViewStep {
  const { key } = press;
  if (key.escape === true) return { state: { ...state, filtering: false, filter: "" } };
  if (isEnter(press) || key.tab === true) return { state: { ...state, filtering: false } };
  if (key.upArrow === true || key.downArrow === true)
    return { state: chosen(state, key.upArrow === true ? -1 : 1, facts) };
  return { state: { ...state, filter: typed(state.filter, press) } };
}

function typeValue(
  state: RunViewState,
  value: NonNullable<RunViewState["value"]>,
  press: KeyPress,
): RunViewStep {
  const { value: _, ...rest } = state;
  if (press.key.escape === true) return { state: rest };
  if (isEnter(press))
    return { state: rest, effect: { type: "give", purpose: value.purpose, text: value.text } };
  return { state: { ...state, value: { ...value, text: typed(value.text, press) } } };
}

function typed(text: string, { input, key }: KeyPress): string {
  if (key.backspace === true || key.delete === true) return [...text].slice(0, -1).join("");
  if (key.ctrl === true) return input === "u" ? "" : input === "w" ? text.replace(/\S*\s*$/, "") : text;
  return key.meta === true ? text : text + input;
}

function back(state: RunViewState): RunViewStep {
  if (state.full) return { state: { ...state, full: false, reading: false } };
  if (state.reading) return { state: { ...state, reading: false } };
  if (state.filter !== "") return { state: { ...state, filter: "" } };
  return close(state);
}

function close(state: RunViewState): RunViewStep {
  return { state, effect: { type: "close" } };
}

function sheet(state: RunViewState, open: RunSheet): RunViewStep {
  return { state: { ...state, sheet: open, scroll: 0 } };
}

function isEnter({ input, key }: KeyPress): boolean {
  return key.return === true || input === "\r" || input === "\n";
}

/** A message under the view. */
export interface RunViewNote {
  readonly text: SafeText;
  readonly tone: "done" | "warning" | "failed";
}
