/** Which key means what. Keys come from Ink; meanings are data, so that a test can press any of them. */
import type { Key } from "ink";
import type { EditorAction } from "./editor.ts";
import { type KeyPress, keysIn } from "./key-chunk.ts";

/** The intent of a key. Its effect depends on the state: see `app-state.ts`. */
export type Intent =
  | { readonly type: "edit"; readonly action: EditorAction }
  | { readonly type: "enter" }
  | { readonly type: "up" }
  | { readonly type: "down" }
  /** `back`: Shift is held, for the one before. */
  | { readonly type: "complete"; readonly back?: true }
  | { readonly type: "escape" }
  | { readonly type: "interrupt" }
  | { readonly type: "end" }
  | { readonly type: "repaint" }
  | { readonly type: "suspend" }
  | { readonly type: "search" }
  | { readonly type: "open-run" }
  | { readonly type: "expand" }
  /** The first key of two. */
  | { readonly type: "prefix" };

/** The keys that Ink tells of, all optional, so that a test names only the pressed ones. */
export type PressedKey = Partial<Key>;

const CONTROL: Readonly<Record<string, Intent>> = {
  a: move("line-start"),
  b: move("left"),
  c: { type: "interrupt" },
  d: { type: "end" },
  e: move("line-end"),
  f: move("right"),
  g: { type: "open-run" },
  h: erase("left"),
  j: { type: "edit", action: { type: "newline" } },
  k: erase("line-end"),
  l: { type: "repaint" },
  n: { type: "down" },
  o: { type: "expand" },
  p: { type: "up" },
  r: { type: "search" },
  u: erase("line-start"),
  w: erase("word-left"),
  x: { type: "prefix" },
  y: { type: "edit", action: { type: "yank" } },
  z: { type: "suspend" },
  // Ctrl-_ and Ctrl-/ are one character in most terminals, and keys of their own in those that tell keys apart.
  _: { type: "edit", action: { type: "undo" } },
  "/": { type: "edit", action: { type: "undo" } },
  "-": { type: "edit", action: { type: "undo" } },
};

const ALT: Readonly<Record<string, Intent>> = {
  b: move("word-left"),
  d: erase("word-right"),
  f: move("word-right"),
  _: { type: "edit", action: { type: "redo" } },
};

/**
 * The meanings of one chunk of input, in order; none for a key that means nothing here. In vim mode (`isVim`) there is no Alt: terminals send
 * it as Escape and a letter, which is how a vim user goes on after Escape.
 */
export function intentsOf(input: string, key: PressedKey, isVim = false): readonly Intent[] {
  if (key.eventType === "release") return [];
  return keysIn(input, key).flatMap(
    (press) => (isVim ? escapedOf(press) : undefined) ?? intentOf(press) ?? [],
  );
}

/** Escape and what was typed behind it; `undefined` for other keys. */
function escapedOf({ input, key }: KeyPress): readonly Intent[] | undefined {
  const isText =
    key.meta === true && key.ctrl !== true && input !== "" && namedIntent(input, key) === undefined;
  return isText ? [{ type: "escape" }, { type: "edit", action: { type: "insert", text: input } }] : undefined;
}

function intentOf({ input, key }: KeyPress): Intent | undefined {
  const named = namedIntent(input, key);
  if (named !== undefined) return named;
  if (key.meta === true) return ALT[input] ?? (key.ctrl === true ? CONTROL[input] : undefined);
  if (key.ctrl === true) return CONTROL[input];
  if (key.super === true || key.hyper === true || input === "") return undefined;
  return { type: "edit", action: { type: "insert", text: input } };
}

function namedIntent(input: string, key: PressedKey): Intent | undefined {
  const returns = key.return === true || input === "\r";
  if (returns && isPlain(key)) return { type: "enter" };
  if (returns || input === "\n") return newline;
  if (key.escape === true) return { type: "escape" };
  if (key.tab === true) return { type: "complete", ...(key.shift === true && { back: true }) };
  if (key.upArrow === true) return { type: "up" };
  if (key.downArrow === true) return { type: "down" };
  return lineIntent(key);
}

/** Keys that move and erase within a line. */
function lineIntent(key: PressedKey): Intent | undefined {
  const byWord = key.ctrl === true || key.meta === true;
  if (key.leftArrow === true) return move(byWord ? "word-left" : "left");
  if (key.rightArrow === true) return move(byWord ? "word-right" : "right");
  if (key.home === true) return move(key.ctrl === true ? "text-start" : "line-start");
  if (key.end === true) return move(key.ctrl === true ? "text-end" : "line-end");
  if (key.backspace === true) return erase(byWord ? "word-left" : "left");
  if (key.delete === true) return erase(byWord ? "word-right" : "right");
  return undefined;
}

const newline: Intent = { type: "edit", action: { type: "newline" } };

function isPlain(key: PressedKey): boolean {
  return key.shift !== true && key.meta !== true && key.ctrl !== true;
}

function move(to: Extract<EditorAction, { type: "move" }>["to"]): Intent {
  return { type: "edit", action: { type: "move", to } };
}

function erase(to: Extract<EditorAction, { type: "delete" }>["to"]): Intent {
  return { type: "edit", action: { type: "delete", to } };
}

/** The keys as they are told to the user. */
export const KEY_SHEET: readonly (readonly [keys: string, meaning: string])[] = [
  ["Enter", "send; while an answer is on its way: queue"],
  ["Ctrl+J, Alt+Enter, \\ then Enter", "new line (Shift+Enter where the terminal tells it apart)"],
  ["Esc Esc", "stop the answer, or clear the input"],
  ["Ctrl+C", "stop the answer at once, clear the input; again: quit"],
  ["Ctrl+D", "quit, when the input is empty"],
  ["Up, Down", "earlier messages; while queued: edit the newest queued one"],
  ["Ctrl+R", "search earlier messages; again: an older one; Enter takes it"],
  ["Tab", "complete a command, or a file behind @; Enter sends what stands there"],
  ["Ctrl+W, Ctrl+U, Ctrl+K, Ctrl+Y", "kill a word, to the start, to the end; bring it back"],
  ["Ctrl+_, Alt+_", "undo, redo; a cleared input comes back"],
  [
    "y n r w a s e v",
    "on a question about a tool: yes, no, yes in this run, no and why, always, always so, edit, see all",
  ],
  [
    "Tab, Ctrl+O, Esc",
    "on a question: the next one (Shift+Tab: the one before), all of what it is about, answer later; Enter comes back",
  ],
  ["Ctrl+X Ctrl+E", "write in $VISUAL or $EDITOR"],
  ["Ctrl+G", "look into the run: every step, value, tool call and reason"],
  ["Ctrl+O", "the last result of a tool, in full"],
  ["? in an empty input", "these keys"],
  ["Ctrl+L", "paint the screen anew"],
  ["Ctrl+Z", "stop the program; fg in the shell goes on"],
];

/** What there is in place of keys where lines are typed whole. */
export const LINE_SHEET: typeof KEY_SHEET = [
  ["Enter", "send; while an answer is on its way: queue"],
  ["Ctrl+C", "stop the answer; twice: quit"],
  ["Ctrl+D", "quit"],
  ["a number, or the answer", "on a question: what its list says; /answer lists those that wait"],
];
