/** What is asked: the question in a message, without the material and the wrapping around it. */

import type { Json } from "@orch/core";
import { cutText } from "../../platform/cut-text.ts";
import { isCommonWord, rawWords } from "../../tools/files/words.ts";

const QUESTION_TAGS = ["question", "topic", "task", "request", "query", "goal"];
const MATERIAL_TAGS = ["material", "materials", "context", "documents", "sources", "findings"];
const TAG = /<\/?[a-z][\w-]*>/gi;
const LABELLED = /^[ \t]*(?:research )?(?:question|topic|task|request|query|goal)[ \t]*:[ \t]*(\S.*)$/im;
const QUESTION_KEYS = ["question", "topic", "query", "request", "task", "goal", "title"];

/** Words of the wrapping, like "write a report about": they are not what is asked about. */
const WRAPPING: ReadonlySet<string> = new Set(
  `answer answers article based below brief briefly cite cited cites citing citation citations complete concise
  following given material materials paragraph plan point points prepare provide question questions quote quotes
  report reports research researcher section sections sentence sentences source sources summarise summarize summary
  topic understand work write`.split(/\s+/),
);

/** Gives the question in the text of a message from which `path:line:` lines were taken out. */
export function questionOf(text: string): string {
  for (const tag of QUESTION_TAGS) {
    const tagged = between(text, tag)?.inner.trim();
    if (tagged !== undefined && tagged !== "") return oneLine(tagged);
  }
  let plain = text;
  for (const tag of MATERIAL_TAGS) {
    for (let block = between(plain, tag); block !== undefined; block = between(plain, tag))
      plain = block.outer;
  }
  plain = plain.replace(TAG, " ");
  const labelled = LABELLED.exec(plain)?.[1];
  if (labelled !== undefined) return oneLine(labelled);
  const asked = plain
    .split(/(?<=[.?!:\n])\s|(?<=[。？！])/)
    .filter((sentence) => /[?？]$/.test(sentence.trimEnd()));
  return oneLine(asked.length > 0 ? asked.join(" ") : plain);
}

/** What stands in the first `<tag>...</tag>`, and the text without that block. */
function between(text: string, tag: string): { readonly inner: string; readonly outer: string } | undefined {
  const open = text.indexOf(`<${tag}>`);
  const inside = open + tag.length + 2;
  const close = open === -1 ? -1 : text.indexOf(`</${tag}>`, inside);
  if (close === -1) return undefined;
  const outer = `${text.slice(0, open)}\n${text.slice(close + tag.length + 3)}`;
  return { inner: text.slice(inside, close), outer };
}

/** Gives the question in a value, like the input of a state; `undefined` where no field names one. */
export function questionIn(value: Json): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const fields = value as { readonly [key: string]: Json };
  for (const key of QUESTION_KEYS) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (typeof field === "string" && field.trim() !== "") return oneLine(field);
  }
  return undefined;
}

/** The words of a question that say what it is about, in order, each once, as they were written. */
export function keywordsOf(question: string): readonly string[] {
  const words = rawWords(question).filter((word) => !isCommonWord(word));
  const telling = words.filter((word) => !WRAPPING.has(word));
  return [...new Set(telling.length > 0 ? telling : words)];
}

/**
 * Derives different search queries from a question: all its keywords, the phrases in it, and the
 * same with other endings.
 */
export function queriesOf(question: string, least: number, most: number): readonly string[] {
  const keywords = keywordsOf(question);
  if (keywords.length === 0) return [question].slice(0, most);
  const telling = new Set(keywords);
  const phrases: string[][] = [[]];
  for (const word of rawWords(question)) {
    if (telling.has(word)) phrases.at(-1)!.push(word);
    else if (phrases.at(-1)!.length > 0) phrases.push([]);
  }
  const bySize = phrases.filter((phrase) => phrase.length > 0).sort((a, b) => b.length - a.length);
  const pairs = keywords.slice(1).map((word, index) => [keywords[index]!, word]);
  const candidates = [
    keywords,
    ...bySize.filter((phrase) => phrase.length > 1),
    keywords.map(otherForm),
    ...(keywords.length > 2 ? pairs : []),
    ...keywords.map((word) => [word]),
  ].map((words) => words.join(" "));
  const unique = [...new Set(candidates)];
  const wanted = Math.min(most, Math.max(least, Math.min(4, Math.max(2, keywords.length))));
  return unique.slice(0, wanted);
}

/** The plural of a singular and the reverse, by the commonest rule. */
function otherForm(word: string): string {
  if (/(?:ies|ied)$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/[^su]s$/.test(word)) return word.slice(0, -1);
  if (/(?:ed|ing|er|\d|s)$/.test(word) && !word.endsWith("er")) return word;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** A question is never longer than this; what comes after it is not read as one. */
const MAX_QUESTION = 2000;

function oneLine(text: string): string {
  return cutText(text.replace(/\s+/g, " ").trim(), MAX_QUESTION);
}
