/**
 * Names as columns. A column holds UTF-8, which has no lone surrogates, and some tools stop at a NUL; such names are
 * written with JSON's escapes. A name with a backslash is escaped too, so that no two names become one.
 */

import { parseJson } from "@orch/core";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const SPECIAL = /[\u0000-\u001f\\]/;

/** A name as it is kept. */
export function toColumn(name: string): string {
  return name.isWellFormed() && !SPECIAL.test(name) ? name : JSON.stringify(name).slice(1, -1);
}

/** A name as it was given. */
export function fromColumn(column: string): string {
  return column.includes("\\") ? (parseJson(`"${column}"`) as unknown as string) : column;
}
