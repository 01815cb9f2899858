/** Finds the JSON in a model's prose: code fences and sentences around it are common. */
import { type Json, parseJson } from "@orch/core";

/** How many characters are looked at for each one of the text: a text of brackets only would take their square. */
const MOST_LOOKS = 64;

/**
 * The whole text as JSON, else the first balanced object or list in it, else `undefined`. Nothing is
 * repaired, and a text that is nothing but openings is given up.
 */
export function findJson(text: string): Json | undefined {
  const whole = tryParse(text);
  if (whole !== undefined) return whole;
  let looks = MOST_LOOKS * text.length;
  for (let start = nextOpening(text, 0); start >= 0 && looks > 0; start = nextOpening(text, start + 1)) {
    const end = closingOf(text, start);
    looks -= (end < 0 ? text.length : end + 1) - start;
    const found = end < 0 ? undefined : tryParse(text.slice(start, end + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function tryParse(text: string): Json | undefined {
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
