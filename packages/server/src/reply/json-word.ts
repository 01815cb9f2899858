/** Plain data as one word of letters, digits, `-` and `_`: for ids that say what they stand for. */
import { parseJson } from "@orch/core";

const LONGEST = 4_000;

/** Writes data as a word. */
export function jsonWord(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads what {@link jsonWord} wrote, as a list; `undefined` for any other word. */
export function listOfWord(word: string): readonly unknown[] | undefined {
  if (word.length > LONGEST || !/^[\w-]+$/.test(word)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(word.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const value: unknown = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  } catch {
    return undefined;
  }
}
