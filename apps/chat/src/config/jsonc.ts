/** JSON with comments and trailing commas. */

/**
 * Turns comments and trailing commas into spaces, so that what is left is JSON and every position
 * in it is what it was.
 */
export function withoutComments(text: string): string {
  return text
    .replace(/^\uFEFF/, " ")
    .replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
      match.startsWith('"') ? match : blank(match),
    )
    .replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (match) => (match === "," ? " " : match));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
