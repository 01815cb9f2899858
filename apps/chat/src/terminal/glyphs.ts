/** The signs of the screen. One that says something says one thing. */
import { type SafeText, safe } from "./safe-text.ts";

/** Signs for states and text; each but `bar` is one cell wide. */
export interface Glyphs {
  readonly idle: SafeText;
  readonly running: SafeText;
  readonly done: SafeText;
  readonly failed: SafeText;
  readonly warning: SafeText;
  readonly waiting: SafeText;
  readonly retry: SafeText;
  readonly skipped: SafeText;
  /** The present choice in a list. */
  readonly chosen: SafeText;
  /** Waits for its turn. */
  readonly queued: SafeText;
  readonly prompt: SafeText;
  readonly bullet: SafeText;
  readonly quote: SafeText;
  readonly rule: SafeText;
  readonly link: SafeText;
  readonly into: SafeText;
  readonly caret: SafeText;
  /** What each row of a question begins with, and no other row: see `without-bars.ts`. */
  readonly bar: SafeText;
  readonly down: SafeText;
  readonly separator: SafeText;
  readonly ellipsis: SafeText;
  /** Lane brackets: the first lane, one between, the last. */
  readonly laneFirst: SafeText;
  readonly lane: SafeText;
  readonly laneLast: SafeText;
}

/** Signs that modern terminals draw in one cell. */
export const UNICODE_GLYPHS: Glyphs = {
  idle: safe`○`,
  running: safe`◐`,
  done: safe`●`,
  failed: safe`✕`,
  warning: safe`!`,
  waiting: safe`⏸`,
  retry: safe`↻`,
  skipped: safe`⊘`,
  chosen: safe`✓`,
  queued: safe`⧗`,
  prompt: safe`›`,
  bullet: safe`•`,
  quote: safe`│`,
  rule: safe`─`,
  link: safe`─`,
  into: safe`▸`,
  caret: safe`▌`,
  bar: safe`▌`,
  down: safe`↓`,
  separator: safe`·`,
  ellipsis: safe`…`,
  laneFirst: safe`┬`,
  lane: safe`├`,
  laneLast: safe`└`,
};

/** The glyphs in ASCII, for a plain console, an encoding other than UTF-8, or by choice. */
export const ASCII_GLYPHS: Glyphs = {
  idle: safe`.`,
  running: safe`@`,
  done: safe`*`,
  failed: safe`x`,
  warning: safe`!`,
  waiting: safe`?`,
  retry: safe`r`,
  skipped: safe`/`,
  chosen: safe`#`,
  queued: safe`w`,
  prompt: safe`>`,
  bullet: safe`-`,
  quote: safe`|`,
  rule: safe`-`,
  link: safe`-`,
  into: safe`>`,
  caret: safe`_`,
  bar: safe`?#|`,
  down: safe`v`,
  separator: safe`-`,
  ellipsis: safe`~`,
  laneFirst: safe`+`,
  lane: safe`|`,
  laneLast: safe`\``,
};

/** The glyphs as words, for a screen reader; what only draws is left out. */
export const SPOKEN_GLYPHS: Glyphs = {
  idle: safe`to do`,
  running: safe`working`,
  done: safe`done`,
  failed: safe`failed`,
  warning: safe`note`,
  waiting: safe`question`,
  retry: safe`again`,
  skipped: safe`stopped`,
  chosen: safe`chosen`,
  queued: safe`queued`,
  prompt: safe`you`,
  bullet: safe`-`,
  quote: safe`>`,
  rule: safe` `,
  link: safe`,`,
  into: safe`to`,
  caret: safe``,
  bar: safe`>`,
  down: safe``,
  separator: safe`,`,
  ellipsis: safe`...`,
  laneFirst: safe``,
  lane: safe``,
  laneLast: safe``,
};
