/**
 * How much of a paragraph that is still written is final: no text that may follow changes how it looks. It is up to a space
 * before which nothing is open: no emphasis, no code, no link, no tag. It rather says too little.
 */
import { LOOKAHEAD, MAX_BLOCK } from "./long-line.ts";

/** A paragraph is cut there at the earliest, and what follows is drawn on its own. */
const LIMIT = MAX_BLOCK - LOOKAHEAD;
const SPACE = /\s/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;
/** After these a row may end too, in scripts without spaces. */
const STOPS = "，。；：！？、";
/** With these a word may be an address, to which stops belong too. */
const ADDRESS = ":@&/";

/** Runs of a sign that are not closed, as they are written. */
interface Scan {
  readonly open: string[];
  /** Square brackets that are not closed. */
  brackets: number;
  /** Whether a tag may have begun. */
  tag: boolean;
}

/** The final front of `source`, without the space after it; empty where nothing is sure. */
export function stableFront(source: string): string {
  const scan: Scan = { open: [], brackets: 0, tag: false };
  let safe = 0;
  let safeBefore = 0;
  let address = false;
  const end = Math.min(source.length, LIMIT);
  for (let at = 0; at < end; ) {
    const sign = source[at]!;
    const isSpace = SPACE.test(sign);
    if (isClosed(scan)) safe = safeAt(source, at, address) ?? safe;
    address = !isSpace && (address || ADDRESS.includes(sign) || /^www/i.test(source.slice(at, at + 3)));
    if (sign === "\n") safeBefore = safe;
    if (sign === "|" || (sign === "<" && beginsLine(source, at))) return source.slice(0, safeBefore);
    const next = isSpace ? at + 1 : signEnd(source, at, scan);
    if (next === undefined) break;
    at = next;
  }
  return source.slice(0, safe);
}

function isClosed({ open, brackets, tag }: Scan): boolean {
  return open.length === 0 && brackets === 0 && !tag;
}

/** Where the text before `at`, or with it, may end. */
function safeAt(source: string, at: number, address: boolean): number | undefined {
  const sign = source[at]!;
  // A line feed that is escaped is a break.
  if (SPACE.test(sign)) return source[at - 1] === "\\" ? undefined : at;
  return STOPS.includes(sign) && !address ? at + 1 : undefined;
}

/** HTML that begins a line, like a row of a table, ends the paragraph before it. */
function beginsLine(source: string, at: number): boolean {
  return source.slice(source.lastIndexOf("\n", at) + 1, at).trim() === "";
}

/** Takes the sign at `at`; gives where the next one begins, or nothing where what begins here has no end yet. */
function signEnd(source: string, at: number, scan: Scan): number | undefined {
  switch (source[at]) {
    case "\\":
      return at + 2;
    case "`":
      return codeEnd(source, at);
    case "[":
      scan.brackets++;
      return at + 1;
    case "]":
      if (scan.brackets === 0) return at + 1;
      scan.brackets--;
      return source[at + 1] === "(" ? addressEnd(source, at + 1) : at + 1;
    case "<":
      scan.tag ||= /[a-z/!?]/i.test(source[at + 1] ?? "a");
      return at + 1;
    case ">":
      scan.tag = false;
      return at + 1;
    case "*":
    case "_":
    case "~":
      return runEnd(source, at, scan);
    default:
      return at + 1;
  }
}

function codeEnd(source: string, at: number): number | undefined {
  const ticks = /^`+/.exec(source.slice(at))![0];
  const after = at + ticks.length;
  for (let from = source.indexOf(ticks, after); from >= 0; ) {
    let end = from;
    while (source[end] === "`") end++;
    if (end - from === ticks.length) return end;
    from = source.indexOf(ticks, end);
  }
  return undefined;
}

/** The end of `(address "title")`. */
function addressEnd(source: string, at: number): number | undefined {
  let depth = 0;
  let quotes = 0;
  for (let end = at; end < source.length; end++) {
    const sign = source[end];
    if (sign === "\\") end++;
    else if (sign === '"' || sign === "'") quotes++;
    else if (sign === "(") depth++;
    else if (sign === ")" && --depth <= 0 && quotes % 2 === 0) return end + 1;
  }
  return undefined;
}

function runEnd(source: string, at: number, { open }: Scan): number | undefined {
  let end = at;
  while (source[end] === source[at]) end++;
  if (end === source.length) return undefined;
  const run = source.slice(at, end);
  const before = at === 0 ? " " : source[at - 1]!;
  const after = source[end]!;
  const isWord = (sign: string): boolean => !SPACE.test(sign) && !PUNCTUATION.test(sign);
  const closes =
    !SPACE.test(before) && (isWord(before) || !isWord(after)) && !(run[0] === "_" && isWord(after));
  if (closes && open.at(-1) === run) open.pop();
  else if (!SPACE.test(after) && !(run[0] === "_" && isWord(before))) open.push(run);
  return end;
}
