/** Which kind of line of markdown this is. Each looks at one line, costs linear time, and uses no backtracking. */

/** The beginning of a list item. */
export interface ItemStart {
  /** `•` for bullets, the number and its sign for others. */
  readonly marker: string;
  readonly ordered: boolean;
  /** Whether it may interrupt a paragraph: bullets and a first number. */
  readonly interrupts: boolean;
  /** Cells from the marker to the content. */
  readonly offset: number;
  readonly content: string;
}

/** The beginning of a fence. */
export interface FenceStart {
  readonly sign: "`" | "~";
  readonly length: number;
  readonly info: string;
}

/** Spaces before the first other character. */
export function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 0x20) at++;
  return at;
}

/** Replaces the tabs that a line begins with by spaces to the next stop of four. */
export function expandIndent(line: string): string {
  let at = 0;
  let width = 0;
  for (; at < line.length; at++) {
    if (line[at] === " ") width++;
    else if (line[at] === "\t") width += 4 - (width % 4);
    else break;
  }
  return " ".repeat(width) + line.slice(at);
}

/** Reads the opening of a fence: three or more of its sign, and a language. */
export function fenceStart(text: string): FenceStart | undefined {
  const sign = text[0];
  if (sign !== "`" && sign !== "~") return undefined;
  const length = countOf(text, sign);
  const info = text.slice(length).trim();
  return length < 3 || (sign === "`" && info.includes("`")) ? undefined : { sign, length, info };
}

/** Tells whether a line closes a fence. */
export function closesFence(text: string, fence: FenceStart): boolean {
  return countOf(text, fence.sign) >= fence.length && text.slice(countOf(text, fence.sign)).trim() === "";
}

/** Tells whether a line is a heading that begins with `#`. */
export function isHeading(text: string): boolean {
  const length = countOf(text, "#");
  return length >= 1 && length <= 6 && (text.length === length || text[length] === " ");
}

/** Tells whether a line is a rule: three or more of one sign. */
export function isRule(text: string): boolean {
  const sign = text[0];
  if (sign !== "-" && sign !== "*" && sign !== "_") return false;
  let count = 0;
  for (const character of text) {
    if (character === sign) count++;
    else if (character !== " ") return false;
  }
  return count >= 3;
}

/** Tells whether a line under a paragraph makes it a heading. */
export function isUnderline(text: string): boolean {
  const sign = text[0];
  if (sign !== "=" && sign !== "-") return false;
  return text.slice(countOf(text, sign)).trim() === "";
}

/** Tells whether a line under a row with `|` makes both a table. */
export function isTableRule(text: string): boolean {
  let pipes = 0;
  let dashes = 0;
  for (const character of text) {
    if (character === "|") pipes++;
    else if (character === "-") dashes++;
    else if (character !== ":" && character !== " ") return false;
  }
  return pipes > 0 && dashes > 0;
}

/** Reads the beginning of a list item. */
export function itemStart(text: string): ItemStart | undefined {
  const sign = text[0];
  let length = 0;
  if (sign === "-" || sign === "*" || sign === "+") length = 1;
  else {
    while (length < 9 && isDigit(text.charCodeAt(length))) length++;
    if (length === 0 || (text[length] !== "." && text[length] !== ")")) return undefined;
    length++;
  }
  if (length < text.length && text[length] !== " ") return undefined;
  const spaces = indentOf(text.slice(length));
  const content = text.slice(length + spaces);
  const offset = length + (content === "" || spaces > 4 ? 1 : spaces);
  const ordered = length > 1;
  return {
    marker: ordered ? text.slice(0, length) : "•",
    ordered,
    interrupts: content !== "" && (!ordered || Number.parseInt(text, 10) === 1),
    offset,
    content: spaces > 4 ? text.slice(length + 1) : content,
  };
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function countOf(text: string, sign: string): number {
  let at = 0;
  while (text[at] === sign) at++;
  return at;
}
