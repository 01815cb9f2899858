/**
 * Styles as data. A line is spans of safe text; escape sequences are written in one place only, here,
 * at the very end.
 */
import type { SafeText } from "./safe-text.ts";

declare const styled: unique symbol;

/** Safe text with our own SGR sequences in it. */
export type StyledText = string & { readonly [styled]: true };

/** The 16 colours that every theme of every terminal defines. */
export type Colour =
  | "black"
  | "red"
  | "green"
  | "yellow"
  | "blue"
  | "magenta"
  | "cyan"
  | "white"
  | "grey"
  | "bright-red"
  | "bright-green"
  | "bright-yellow"
  | "bright-blue"
  | "bright-magenta"
  | "bright-cyan"
  | "bright-white";

/** How a span looks. */
export interface Style {
  readonly colour?: Colour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  readonly strike?: boolean;
}

/** A piece of a line in one style. */
export interface Span {
  readonly text: SafeText;
  readonly style?: Style;
}

/** One line of output, without its line feed. */
export type Line = readonly Span[];

const COLOURS: Readonly<Record<Colour, number>> = {
  black: 30,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  white: 37,
  grey: 90,
  "bright-red": 91,
  "bright-green": 92,
  "bright-yellow": 93,
  "bright-blue": 94,
  "bright-magenta": 95,
  "bright-cyan": 96,
  "bright-white": 97,
};

/** A span; a style of `undefined` is left out. */
export function span(text: SafeText, style?: Style): Span {
  return style === undefined ? { text } : { text, style };
}

/** Merges two styles. The second wins where both set a field. */
export function mergeStyles(base: Style | undefined, over: Style | undefined): Style | undefined {
  if (base === undefined) return over;
  return over === undefined ? base : { ...base, ...over };
}

/** Writes a line for a terminal. With `colours` false it is the bare text. */
export function paint(line: Line, colours: boolean): StyledText {
  let text = "";
  for (const { text: piece, style } of line) {
    if (!colours || style === undefined || piece === "") text += piece;
    else text += dress(piece, style);
  }
  return text as StyledText;
}

/** The text of a line, without styles. */
export function plainText(line: Line): SafeText {
  let text = "";
  for (const piece of line) text += piece.text;
  return text as SafeText;
}

/** Joins painted lines with line feeds. */
export function joinLines(lines: readonly StyledText[]): StyledText {
  return lines.join("\n") as StyledText;
}

function dress(text: string, style: Style): string {
  const on: number[] = [];
  const off: number[] = [];
  const set = (code: number, end: number): void => {
    on.push(code);
    if (!off.includes(end)) off.push(end);
  };
  if (style.bold === true) set(1, 22);
  if (style.dim === true) set(2, 22);
  if (style.italic === true) set(3, 23);
  if (style.underline === true) set(4, 24);
  if (style.inverse === true) set(7, 27);
  if (style.strike === true) set(9, 29);
  if (style.colour !== undefined) set(COLOURS[style.colour], 39);
  return on.length === 0 ? text : `\u001b[${on.join(";")}m${text}\u001b[${off.join(";")}m`;
}
