/** The tokens of a call that gives no text. */
import type { Usage } from "../../words/model.ts";

/** Characters of a token, roughly. */
const CHARACTERS = 4;

/** The first figure above 0 that was told, or an estimate, marked as one, where none was. */
export function tokensOf(told: readonly unknown[], texts: readonly string[]): Usage {
  const input = told.find((value) => typeof value === "number" && value > 0 && Number.isFinite(value));
  if (typeof input === "number") return { input, output: 0 };
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return { input: Math.ceil(characters / CHARACTERS), output: 0, estimated: true };
}
