/** Sentences as they may leave the process: no stack, no path of a file, nothing that looks like a secret. */

/** The longest sentence that is told, in characters. */
const LONGEST = 500;

const RULES: readonly (readonly [RegExp, string])[] = [
  // A stack begins on a line of its own.
  [/\n\s+at [\s\S]*$/, ""],
  [/\/\/[^\s/@]+@/g, "//"],
  [/\bBearer\s+\S+/gi, "Bearer [secret]"],
  [/\b(?:sk|pk|rk|ghp|gho|ghs|xox[abps]|glpat)[-_][\w-]{8,}/g, "[secret]"],
  [/\b(?:AKIA|AIza)[\w-]{12,}/g, "[secret]"],
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g, "[secret]"],
  [/\b((?:api[-_ ]?key|access[-_ ]?token|token|secret|password|passwd)["']?\s*[=:]\s*)\S+/gi, "$1[secret]"],
  [/\bfile:\/\/\S+/g, "[file]"],
  [/(?<![\w.\\])[A-Za-z]:\\[^\s"'`]+/g, "[file]"],
  // A path of a state, like research/search#1, begins with no slash; one of an address comes after it.
  [/(?<![\w:/.#\]-])(?:~|\.{1,2})?(?:\/[\w.@+-]+){2,}\/?/g, "[file]"],
];

/** A text without what may not leave the process. */
export function publicSentence(text: string): string {
  let plain = text.length > 4 * LONGEST ? text.slice(0, 4 * LONGEST) : text;
  for (const [pattern, instead] of RULES) plain = plain.replace(pattern, instead);
  plain = plain.replace(/\s*\n\s*/g, " ").trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}
