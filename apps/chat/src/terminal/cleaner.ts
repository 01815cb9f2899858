/**
 * Removes from prose everything that is not printable text, a line feed or a tab: control sequences with
 * their payload, bidi and zero-width characters, tags, lone surrogates, endless stacks of marks.
 *
 * It reads code point by code point and its state outlives a delta, so that the result is the same
 * however a text was cut. Nothing needs flushing at the end: what is held back is never text.
 */
import { kindOf, takesEmojiStyle } from "./code-points.ts";
import type { SafeText } from "./safe-text.ts";

type Mode = "ground" | "escape" | "escape-intermediate" | "csi" | "string";

/** Where a cleaner stands between two deltas; opaque to its holder. */
export interface CleanerState {
  readonly mode: Mode;
  /** Code points of the sequence that were read. */
  readonly length: number;
  /** A first surrogate that waits for its second, or 0. */
  readonly high: number;
  /** The last code point that was let through, marks and selectors aside; 0 at the beginning. */
  readonly base: number;
  /** Whether the last emitted code point was a base without marks, so that a style selector may follow. */
  readonly bare: boolean;
  readonly marks: number;
  /** A joiner that waits for the second emoji. */
  readonly joiner: boolean;
}

/** A cleaner before its first delta. */
export const CLEANER_START: CleanerState = {
  mode: "ground",
  length: 0,
  high: 0,
  base: 0,
  bare: false,
  marks: 0,
  joiner: false,
};

/** Marks kept on one base; real orthographies stay below. */
const MAX_MARKS = 8;
/** A sequence that does not end within this many code points was not meant as one: what follows is shown. */
const MAX_SEQUENCE = 4096;

const LF = 0x0a;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;

/**
 * Cleans the next delta of a stream.
 *
 * @example
 * ```ts
 * let state = CLEANER_START;
 * for (const delta of deltas) {
 *   const step = cleanDelta(state, delta);
 *   state = step.state;
 *   show(step.text);
 * }
 * ```
 */
export function cleanDelta(state: CleanerState, delta: string): { state: CleanerState; text: SafeText } {
  if (delta === "") return { state, text: "" as SafeText };
  if (isReady(state) && plainEnd(delta, 0) === delta.length) {
    const base = delta.charCodeAt(delta.length - 1);
    return { state: { ...CLEANER_START, base, bare: true }, text: delta as SafeText };
  }
  const machine = { ...state };
  let text = "";
  for (let at = 0; at < delta.length; at++) {
    // Most of a long text is plain, also where a letter of it is not.
    const end = isReady(machine) ? plainEnd(delta, at) : at;
    if (end > at) {
      text += delta.slice(at, end);
      Object.assign(machine, CLEANER_START, { base: delta.charCodeAt(end - 1), bare: true });
      at = end - 1;
      continue;
    }
    const unit = delta.charCodeAt(at);
    const high = machine.high;
    machine.high = 0;
    if (high !== 0 && unit >= 0xdc00 && unit <= 0xdfff) {
      text += step(machine, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      continue;
    }
    if (high !== 0) text += step(machine, high);
    if (unit >= 0xd800 && unit <= 0xdbff) machine.high = unit;
    else text += step(machine, unit);
  }
  return { state: machine, text: text as SafeText };
}

type Machine = { -readonly [TKey in keyof CleanerState]: CleanerState[TKey] };

function isReady(state: CleanerState): boolean {
  return state.mode === "ground" && state.high === 0 && !state.joiner;
}

/** Where the printable ASCII, line feeds and tabs end that stand from `from` on. */
function plainEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if ((unit < 0x20 && unit !== LF && unit !== 0x09) || unit > 0x7e) break;
  }
  return at;
}

function enter(machine: Machine, mode: Mode): "" {
  machine.mode = mode;
  machine.length = 0;
  return "";
}

/** Takes one code point; returns the part of it that is shown. */
function step(machine: Machine, point: number): string {
  if (machine.mode === "ground") return ground(machine, point);
  if (point === LF || ++machine.length > MAX_SEQUENCE) {
    enter(machine, "ground");
    return ground(machine, point);
  }
  if (point === CAN || point === SUB) return enter(machine, "ground");
  if (point === ESC) return enter(machine, "escape");
  if (point >= 0x80 && point <= 0x9f) return control8(machine, point);
  switch (machine.mode) {
    case "string":
      return point === BEL ? enter(machine, "ground") : "";
    case "escape":
      return afterEscape(machine, point);
    case "escape-intermediate":
      return tail(machine, point, 0x30);
    case "csi":
      return point >= 0x30 && point <= 0x3f ? "" : tail(machine, point, 0x40);
  }
}

/** After ESC: introduces a sequence, selects one of two characters, or is an accident before text. */
function afterEscape(machine: Machine, point: number): string {
  if (point === 0x5b) return enter(machine, "csi");
  // P X ] ^ _ introduce DCS, SOS, OSC, PM, APC.
  if (point === 0x50 || point === 0x58 || (point >= 0x5d && point <= 0x5f)) return enter(machine, "string");
  if (point >= 0x20 && point <= 0x2f) return enter(machine, "escape-intermediate");
  return tail(machine, point, 0x30);
}

/** Ends a sequence at its final byte; a character that no sequence has ends it too, and is shown. */
function tail(machine: Machine, point: number, firstFinal: number): string {
  if (point >= firstFinal && point <= 0x7e) return enter(machine, "ground");
  if (point < 0x20 || (point >= 0x20 && point <= 0x2f) || point === 0x7f) return "";
  enter(machine, "ground");
  return ground(machine, point);
}

function control8(machine: Machine, point: number): "" {
  if (point === 0x9b) return enter(machine, "csi");
  const string = point === 0x90 || point === 0x98 || point === 0x9d || point === 0x9e || point === 0x9f;
  return enter(machine, string ? "string" : "ground");
}

function ground(machine: Machine, point: number): string {
  if (point === ESC) return enter(machine, "escape");
  if (point >= 0x80 && point <= 0x9f) return control8(machine, point);
  if (point === LF || point === 0x09) return show(machine, point, "");
  const kind = kindOf(point);
  switch (kind) {
    case "text":
      return show(machine, point, "");
    case "emoji":
      return show(machine, point, machine.joiner ? "\u200d" : "");
    case "joiner":
      machine.joiner = kindOf(machine.base) === "emoji" && machine.marks === 0;
      return "";
    case "emoji-style":
      if (!machine.bare || machine.joiner || !takesEmojiStyle(machine.base)) return "";
      machine.bare = false;
      return "\ufe0f";
    case "mark":
      machine.joiner = false;
      machine.bare = false;
      if (machine.marks === MAX_MARKS) return "";
      machine.marks++;
      return String.fromCodePoint(point);
    case "hidden":
      return "";
  }
}

function show(machine: Machine, point: number, before: string): string {
  machine.base = point;
  machine.bare = true;
  machine.marks = 0;
  machine.joiner = false;
  return before + String.fromCodePoint(point);
}
