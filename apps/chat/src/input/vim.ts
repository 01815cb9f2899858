/**
 * A vim mode for the input, as a pure layer over the editor: in normal mode typed characters are commands, which are made of the editor's own
 * actions. It knows the commands of one text without files: motions, `d`, `c`, `y` with them, `p`, undo and counts.
 */
import { type EditorAction, type EditorFacts, edit, editorCells } from "./editor.ts";
import { memoryOf } from "./editor-memory.ts";
import type { EditorState } from "./editor-state.ts";
import { lineEnd, lineIndent, lineStart, nextCell } from "./moves.ts";
import {
  lineBelow,
  linesRange,
  motionRange,
  motionTarget,
  restingPlace,
  type VimCount,
  type VimRange,
} from "./vim-motion.ts";

/** Where the vim mode stands. */
export interface VimState {
  readonly mode: "insert" | "normal";
  /** The beginning of a command, like `2d`. */
  readonly pending: string;
}

/** The editor and its vim mode after a key. */
export interface VimStep {
  readonly vim: VimState;
  readonly editor: EditorState;
}

/** As the editor begins, so that who only types sees no difference. */
export const VIM_INSERT: VimState = { mode: "insert", pending: "" };

const NORMAL: VimState = { mode: "normal", pending: "" };
/** A count beyond this changes nothing more. */
const MAX_COUNT = 9999;

/** The beginning of a command, and a whole one. */
const BEGINNING = /^(?:[1-9]\d{0,3})?(?:[dcy](?:[1-9]\d{0,3})?)?g?$/;
const COMMAND = /^([1-9]\d{0,3})?(?:([dcy])([1-9]\d{0,3})?)?(gg|[^g])$/u;

/** Takes what was typed, however many characters come at once. In insert mode it is text. */
export function vimType({ editor, vim }: VimStep, text: string, facts: EditorFacts): VimStep {
  let step: VimStep = { editor, vim };
  const keys = [...text];
  for (const [at, key] of keys.entries()) {
    if (step.vim.mode === "insert")
      return {
        ...step,
        editor: edit(step.editor, { type: "insert", text: keys.slice(at).join("") }, facts).state,
      };
    step = pressed(step, key, facts);
  }
  return step;
}

/** Takes Escape; `undefined` where it means nothing to vim, and so what it means without it. */
export function vimEscape({ editor, vim }: VimStep, facts: EditorFacts): VimStep | undefined {
  if (vim.mode === "normal") return vim.pending === "" ? undefined : { editor, vim: NORMAL };
  const { cursor } = editor;
  const cells = editorCells(editor);
  const left =
    cursor === lineStart(cells, cursor) ? editor : edit(editor, { type: "move", to: "left" }, facts).state;
  return { editor: left, vim: NORMAL };
}

/** The cursor after something else changed the editor in normal mode, like the history. */
export function vimRested({ editor, vim }: VimStep): VimStep {
  const cursor = restingPlace(editorCells(editor), editor.cursor);
  return vim.mode === "insert" || cursor === editor.cursor
    ? { editor, vim }
    : { editor: { ...editor, cursor }, vim };
}

function pressed({ editor, vim }: VimStep, key: string, facts: EditorFacts): VimStep {
  const typed = vim.pending + key;
  if (BEGINNING.test(typed)) return { editor, vim: { mode: "normal", pending: typed } };
  const [, before, operator, after, name] = COMMAND.exec(typed) ?? [];
  if (name === undefined) return { editor, vim: NORMAL };
  const times = Math.min(Number(before ?? 1) * Number(after ?? 1), MAX_COUNT);
  const count = { times, given: before !== undefined || after !== undefined };
  const one = operator === undefined ? simple(editor, name, count) : operated(editor, operator, name, count);
  if (one === undefined) return { editor, vim: NORMAL };
  const { actions, insert = false } = one;
  const next = actions.reduce((state, action) => edit(state, action, facts).state, editor);
  return insert ? { editor: next, vim: VIM_INSERT } : vimRested({ editor: next, vim: NORMAL });
}

/** What a command does to the editor, and whether text follows. */
interface VimCommand {
  readonly actions: readonly EditorAction[];
  readonly insert?: boolean;
}

/** A command without an operator. */
function simple(editor: EditorState, key: string, count: VimCount): VimCommand | undefined {
  const cells = editorCells(editor);
  const { cursor } = editor;
  const repeated = (action: EditorAction): VimCommand => ({
    actions: new Array(Math.min(count.times, 200)).fill(action),
  });
  switch (key) {
    case "j":
      return repeated({ type: "move", to: "down" });
    case "k":
      return repeated({ type: "move", to: "up" });
    case "u":
      return repeated({ type: "undo" });
    case "x":
      return operated(editor, "d", "l", count);
    case "D":
      return operated(editor, "d", "$", count);
    case "C":
      return operated(editor, "c", "$", count);
    case "i":
      return { actions: [], insert: true };
    case "a":
      return { actions: [place(Math.min(lineEnd(cells, cursor), nextCell(cells, cursor)))], insert: true };
    case "I":
      return { actions: [place(lineIndent(cells, cursor))], insert: true };
    case "A":
      return { actions: [place(lineEnd(cells, cursor))], insert: true };
    case "o":
      return { actions: [place(lineEnd(cells, cursor)), { type: "newline" }], insert: true };
    case "O": {
      const start = place(lineStart(cells, cursor));
      return { actions: [start, { type: "newline" }, start], insert: true };
    }
    case "p":
    case "P":
      return put(editor, key === "p", count.times);
    default: {
      const target = motionTarget(key, cells, cursor, count);
      return target === undefined ? undefined : { actions: [place(target)] };
    }
  }
}

/** `d`, `c` or `y` with a motion, or twice for whole lines. */
function operated(
  editor: EditorState,
  operator: string,
  key: string,
  count: VimCount,
): VimCommand | undefined {
  const cells = editorCells(editor);
  const { cursor } = editor;
  const range =
    key === operator
      ? linesRange(cells, cursor, lineBelow(cells, cursor, count.times - 1))
      : motionRange(operator === "c" && key === "w" ? "cw" : key, cells, cursor, count);
  if (range === undefined) return undefined;
  return range.lines ? onLines(editor, operator, range) : onPart(operator, range, editor);
}

function onPart(operator: string, { start, end }: VimRange, { text }: EditorState): VimCommand {
  if (start === end) return { actions: [], insert: operator === "c" };
  if (operator === "y") return { actions: [{ type: "copy", text: text.slice(start, end) }, place(start)] };
  return { actions: [{ type: "cut", start, end }], insert: operator === "c" };
}

/** Whole lines are kept with a line feed at their end, by which `p` knows them. */
function onLines({ text, cursor }: EditorState, operator: string, { start, end }: VimRange): VimCommand {
  const killed = `${text.slice(start, end)}\n`;
  if (operator === "y") return { actions: [{ type: "copy", text: killed }, place(Math.min(start, cursor))] };
  if (operator === "c") return { actions: [{ type: "cut", start, end, killed }], insert: true };
  // The last line takes the line feed before it along.
  const [from, to] = end < text.length ? [start, end + 1] : [Math.max(0, start - 1), end];
  const before = text.lastIndexOf("\n", from - 1) + 1;
  const rest = end < text.length ? [] : [place(from === 0 ? 0 : before)];
  return { actions: [{ type: "cut", start: from, end: to, killed }, ...rest] };
}

/** Inserts what was killed, behind the cursor or before it; whole lines below or above the line. */
function put(editor: EditorState, behind: boolean, times: number): VimCommand {
  const { killed } = memoryOf(editor);
  if (killed === "") return { actions: [] };
  const cells = editorCells(editor);
  const { cursor } = editor;
  // What is inserted at all is bounded, whatever the count.
  const text = killed.repeat(Math.max(1, Math.min(times, Math.floor(100_000 / killed.length))));
  if (!killed.endsWith("\n")) {
    const at = behind ? Math.min(lineEnd(cells, cursor), nextCell(cells, cursor)) : cursor;
    return { actions: [place(at), { type: "paste", text }, { type: "move", to: "left" }] };
  }
  const lines = text.slice(0, -1);
  if (behind) {
    const end = lineEnd(cells, cursor);
    return { actions: [place(end), { type: "newline" }, { type: "paste", text: lines }, place(end + 1)] };
  }
  const start = lineStart(cells, cursor);
  return {
    actions: [place(start), { type: "newline" }, place(start), { type: "paste", text: lines }, place(start)],
  };
}

function place(cursor: number): EditorAction {
  return { type: "place", cursor };
}
