/** Finds a quote in a text, whatever happened to its spaces, marks and case on the way. */
import { countWords, quotedWords } from "./quoted-words.ts";

/** The true place and the true wording of a quote. */
export interface FoundQuote {
  /** From 1. */
  readonly line: number;
  /** The words of the text, line breaks as spaces. */
  readonly quote: string;
}

/** A quote of fewer words could stand anywhere and proves nothing. */
const LEAST_WORDS = 3;

/** Finds `quote` in `text`, the occurrence nearest to `line`; `undefined` when its words are not there in that order. */
export function findQuote(text: string, quote: string, line: number): FoundQuote | undefined {
  if (countWords(quote) < LEAST_WORDS) return undefined;
  const wanted = [...quotedWords(quote)].map(({ word }) => word);
  const words = [...quotedWords(text)];
  let best: { at: number; line: number } | undefined;
  for (let at = 0; at + wanted.length <= words.length; at++) {
    if (!wanted.every((word, index) => words[at + index]!.word === word)) continue;
    const found = lineAt(text, words[at]!.start);
    if (best === undefined || Math.abs(found - line) < Math.abs(best.line - line)) best = { at, line: found };
  }
  if (best === undefined) return undefined;
  const from = words[best.at]!.start;
  const to = words[best.at + wanted.length - 1]!.end;
  return { line: best.line, quote: verbatim(text, from, to, quote) };
}

/** The quote as it was given where that is how the text reads, else the text's own words. */
function verbatim(text: string, from: number, to: number, quote: string): string {
  const given = oneLine(quote);
  const around = oneLine(text.slice(Math.max(0, from - 10), to + 10));
  if (around.includes(given)) return given;
  const closing = /^[.!?)\]`*"”。！？」』）]{0,3}/.exec(text.slice(to))?.[0] ?? "";
  const opening = /[`*"“([「『（]{0,3}$/.exec(text.slice(0, from))?.[0] ?? "";
  return oneLine(opening + text.slice(from, to) + closing);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < position; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
