/**
 * How things look: 16 colours that the user's terminal defines, so that light and dark both work, and
 * glyphs with a plain form. What the environment says comes in as data.
 */
import { ASCII_GLYPHS, type Glyphs, SPOKEN_GLYPHS, UNICODE_GLYPHS } from "./glyphs.ts";
import type { Style } from "./styled.ts";

/** What a piece of output is, as far as its look goes. */
export type Role =
  | "heading"
  | "strong"
  | "emphasis"
  | "strike"
  | "code"
  | "link"
  | "quote"
  | "bullet"
  | "rule"
  | "dim"
  | "accent"
  | "user"
  | "running"
  | "done"
  | "failed"
  | "warning"
  | "waiting"
  | "retry"
  | "idle"
  | "keyword"
  | "string"
  | "number"
  | "comment"
  | "type"
  | "function"
  | "added"
  | "removed";

/** Everything that decides a look. */
export interface Theme {
  readonly name: string;
  /** False writes no escape sequence at all. */
  readonly colours: boolean;
  /** Whether it is read out: signs are words, and tables are lists. */
  readonly spoken: boolean;
  readonly glyphs: Glyphs;
  readonly styles: Readonly<Record<Role, Style>>;
}

const STYLES: Theme["styles"] = {
  heading: { colour: "magenta", bold: true },
  strong: { bold: true },
  emphasis: { italic: true },
  strike: { strike: true },
  code: { colour: "cyan" },
  link: { colour: "blue", underline: true },
  quote: { dim: true },
  bullet: { colour: "magenta" },
  rule: { dim: true },
  dim: { dim: true },
  accent: { colour: "magenta" },
  user: { colour: "blue", bold: true },
  running: { colour: "cyan" },
  done: { colour: "green" },
  failed: { colour: "red" },
  warning: { colour: "yellow" },
  waiting: { colour: "yellow", bold: true },
  retry: { colour: "yellow" },
  idle: { dim: true },
  keyword: { colour: "magenta" },
  string: { colour: "green" },
  number: { colour: "yellow" },
  comment: { dim: true, italic: true },
  type: { colour: "cyan" },
  function: { colour: "blue" },
  added: { colour: "green" },
  removed: { colour: "red" },
};

/** The names of the themes; `auto` is dark or light, as the terminal says. */
export const THEME_NAMES = ["auto", "dark", "light", "high-contrast", "mono"] as const;

/** One theme by name. */
export type ThemeName = (typeof THEME_NAMES)[number];

/** Yellow on white cannot be read; the other colours can. */
const LIGHT_STYLES: Theme["styles"] = {
  ...STYLES,
  warning: { colour: "magenta" },
  waiting: { colour: "magenta", bold: true },
  retry: { colour: "magenta" },
  number: { colour: "blue" },
};

/** Nothing is dim, and colours are the bright ones, on a dark and on a light ground. */
const STRONG_STYLES: Theme["styles"] = {
  ...STYLES,
  heading: { bold: true, underline: true },
  code: { bold: true },
  link: { underline: true },
  quote: { italic: true },
  bullet: { bold: true },
  rule: {},
  dim: {},
  accent: { bold: true },
  user: { bold: true, inverse: true },
  running: { bold: true },
  done: { colour: "green", bold: true },
  failed: { colour: "red", bold: true, inverse: true },
  warning: { bold: true, underline: true },
  waiting: { bold: true, inverse: true },
  retry: { bold: true, underline: true },
  idle: {},
  keyword: { bold: true },
  string: {},
  number: {},
  comment: { italic: true },
  type: { underline: true },
  function: { bold: true },
  added: { colour: "green", bold: true },
  removed: { colour: "red", bold: true },
};

/** The same without any colour. */
const MONO_STYLES = Object.fromEntries(
  Object.entries(STYLES).map(([role, { colour: _, ...style }]) => [role, style]),
) as Theme["styles"];

const BY_NAME: { readonly [name in Exclude<ThemeName, "auto">]: Theme["styles"] } = {
  dark: STYLES,
  light: LIGHT_STYLES,
  "high-contrast": STRONG_STYLES,
  mono: { ...MONO_STYLES, heading: { bold: true }, failed: { bold: true }, waiting: { bold: true } },
};

/** The facts about the terminal and the user's settings. */
export interface ThemeFacts {
  /** The variables that matter: `NO_COLOR`, `FORCE_COLOR`, `TERM`, `COLORFGBG`, `LC_ALL`, `LC_CTYPE`, `LANG`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether the output is a terminal. Default true. */
  readonly tty?: boolean;
  /** Default `auto`. */
  readonly theme?: ThemeName;
  /** Default: by the environment. */
  readonly glyphs?: "unicode" | "ascii";
  /** Whether it is read out. Default false. */
  readonly spoken?: boolean;
}

/**
 * Chooses the look. `NO_COLOR` (any value but the empty one) wins over everything; `FORCE_COLOR` (but not
 * `0` or `false`) wins over a dumb terminal and a pipe.
 */
export function createTheme(facts: ThemeFacts = {}): Theme {
  const { env = {}, tty = true, theme = "auto", spoken = false } = facts;
  const name = theme === "auto" ? groundOf(env["COLORFGBG"]) : theme;
  const glyphs = facts.glyphs ?? (speaksUnicode(env) ? "unicode" : "ascii");
  return {
    name,
    colours: hasColours(env, tty),
    spoken,
    glyphs: spoken ? SPOKEN_GLYPHS : glyphs === "unicode" ? UNICODE_GLYPHS : ASCII_GLYPHS,
    styles: BY_NAME[name],
  };
}

/**
 * The ground that a terminal tells by `COLORFGBG`, like `0;15` or `0;default;15`: its last number is the colour behind the text. Without it
 * `dark`, whose colours also do on most light terminals.
 */
function groundOf(told: string | undefined): "dark" | "light" {
  const ground = /^[^;]*(?:;[^;]*)?;(\d{1,2})$/.exec(told ?? "")?.[1];
  if (ground === undefined) return "dark";
  return ["7", "9", "10", "11", "12", "13", "14", "15"].includes(ground) ? "light" : "dark";
}

function hasColours(env: NonNullable<ThemeFacts["env"]>, tty: boolean): boolean {
  if (set(env["NO_COLOR"])) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return tty && env["TERM"] !== "dumb";
}

/** Whether the terminal and the locale allow Unicode. A missing locale allows it; another encoding does not. */
function speaksUnicode(env: NonNullable<ThemeFacts["env"]>): boolean {
  if (env["TERM"] === "linux" || env["TERM"] === "dumb") return false;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(set);
  return locale === undefined || /utf-?8/i.test(locale);
}

function set(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
