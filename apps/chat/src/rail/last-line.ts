import type { SafeText } from "../terminal/safe-text.ts";

/** Characters that are kept of the line being written. */
const MAX_TAIL = 240;

/** The last line that is not blank. Keeps its trailing white space, because the next delta may continue the line. */
export function lastLine(text: string): SafeText {
  const start = text.lastIndexOf("\n", text.trimEnd().length - 1) + 1;
  return text.slice(start).slice(-MAX_TAIL) as SafeText;
}
