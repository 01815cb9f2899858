/**
 * Text that may go to a terminal. Everything that was written elsewhere (models, tools, files, users,
 * errors) passes one of the doors here first; the wrapped `Text` component takes nothing else.
 */
import { CLEANER_START, cleanDelta } from "./cleaner.ts";
import { hiddenPattern, kindOf } from "./code-points.ts";

declare const cleaned: unique symbol;

/** Text of printable characters, line feeds and tabs only. */
export type SafeText = string & { readonly [cleaned]: true };

/** Cleans prose: what is not printable, a line feed or a tab is removed, control sequences with their payload. */
export function safeText(text: string): SafeText {
  return cleanDelta(CLEANER_START, text).text;
}

/** A number as text; it needs no cleaning. */
export function safeNumber(value: number): SafeText {
  return String(value) as SafeText;
}

/**
 * Writes a value as JSON in which every hidden character is an escape: it can be printed anywhere, and is the same
 * value for whoever parses it. What JSON has no word for becomes `undefined`, as in code.
 */
export function safeJson(value: unknown, indent?: number): SafeText {
  const json = JSON.stringify(value, undefined, indent) ?? "undefined";
  // A line feed in it is of the indentation: those of texts are escapes already.
  return json
    .split("\n")
    .map((line) => line.replace(hiddenPattern, escaped))
    .join("\n") as SafeText;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/**
 * Builds text from our own literals and from text that is safe already.
 *
 * @example
 * ```ts
 * safe`${name} failed after ${attempts} attempts`
 * ```
 */
export function safe(literals: TemplateStringsArray, ...values: readonly (SafeText | number)[]): SafeText {
  let text = literals[0]!;
  for (const [at, value] of values.entries()) text += value + literals[at + 1]!;
  return text as SafeText;
}

/** How `visibleText` treats lines. */
export interface VisibleOptions {
  /** Keeps line feeds and tabs as they are, for commands and diffs. Default false: they are shown as marks. */
  readonly multiline?: boolean;
}

/** More spaces than this in a row are counted instead of drawn: padding must not push text off the screen. */
const MAX_SPACES = 32;
/** Marks on one base before they count as hidden. */
const MAX_MARKS = 8;

/**
 * Shows what a reader must not miss, for approvals, paths and commands: a hidden character appears as
 * `⟨U+202E⟩`, a run of one as `⟨U+202E ×3⟩`, and padding as `⟨U+0020 ×200⟩`.
 */
export function visibleText(text: string, options: VisibleOptions = {}): SafeText {
  const keeps = options.multiline === true ? "\n\t" : "";
  let shown = "";
  let marks = 0;
  let run = { point: -1, count: 0 };
  const endRun = (): void => {
    if (run.count > 0) shown += drawRun(run.point, run.count);
    run = { point: -1, count: 0 };
  };
  for (const character of text) {
    const point = character.codePointAt(0)!;
    const kind = keeps.includes(character) ? "text" : kindOf(point);
    marks = kind === "mark" ? marks + 1 : 0;
    if (isSpace(point) || (kind === "mark" ? marks > MAX_MARKS : kind !== "text" && kind !== "emoji")) {
      if (point !== run.point) endRun();
      run = { point, count: run.count + 1 };
      continue;
    }
    endRun();
    shown += character;
  }
  endRun();
  return shown as SafeText;
}

function isSpace(point: number): boolean {
  return point === 0x20 || point === 0xa0 || point === 0x3000 || (point >= 0x2000 && point <= 0x200a);
}

function drawRun(point: number, count: number): string {
  if (isSpace(point) && count <= MAX_SPACES) return String.fromCodePoint(point).repeat(count);
  const name = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  return count === 1 ? `⟨${name}⟩` : `⟨${name} ×${count}⟩`;
}
