/** Finds the JSON in a model's prose: code fences and sentences around it are common. */
import { type Json, parseJson } from "@orch/core";

/** How many characters are looked at for each one of the text: a text of brackets only would take their square. */
const MOST_LOOKS = 64;

/**
 * The whole text as JSON, else the first balanced object or list in it, else `undefined`. Nothing is
 * repaired, and a text that is nothing but openings is given up.
 */
export function findJson(text: string): Json | undefined {
  return search(text, 1)[0];
}

/** The whole text as JSON, else all balanced objects and lists in it that stand side by side. */
export function findAllJson(text: string): readonly Json[] {
  return search(text, Number.POSITIVE_INFINITY);
}

function search(text: string, most: number): readonly Json[] {
  const whole = wholeJson(text);
  if (whole !== undefined) return [whole];
  const found: Json[] = [];
  let looks = MOST_LOOKS * text.length;
  for (let start = nextOpening(text, 0); start >= 0 && looks > 0; ) {
    const end = closingOf(text, start);
    looks -= (end < 0 ? text.length : end + 1) - start;
    const value = end < 0 ? undefined : wholeJson(text.slice(start, end + 1));
    if (value !== undefined) found.push(value);
    if (found.length === most) break;
    start = nextOpening(text, value === undefined ? start + 1 : end + 1);
  }
  return found;
}

/** The whole text as JSON, else `undefined`. */
export function wholeJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === "{" || text[at] === "[") return at;
  return -1;
}

/** Where the bracket at `start` closes; brackets within strings do not count. */
function closingOf(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return at;
  }
  return -1;
}
