/**
 * The text of a value with long texts in it. They stand behind its JSON as they are, since to escape a text of 1 MB takes longer
 * than all the rest of 50 states that hand it on. Nothing is copied before a store writes it.
 *
 *     ~[{"v":{"big":null,"i":1}},[["v","big"],1000000]]
 *     0123456789…
 *
 * No JSON begins with `~`, and JSON without blanks has no line break.
 */
import { JsonError } from "../errors/json-error.ts";
import { type Json, readJson } from "./json.ts";
import type { PartWay } from "./part-place.ts";

const MARK = "~";

/** A text, and the way to its place in a tree. */
export type LongText = readonly [way: PartWay, text: string];

/** Whether a store keeps a text as it is: UTF-8 has no half of a surrogate pair, and in some databases a text ends at a zero. */
export function isKeptRaw(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Writes a value. The texts have `null` in their places. */
export function valueText(value: Json, texts: readonly LongText[]): string {
  if (texts.length === 0) return JSON.stringify(value);
  const places = texts.map(([way, text]) => [way, text.length]);
  return texts.reduce(
    (written, [, text]) => written + text,
    `${MARK}${JSON.stringify([{ v: value }, ...places])}\n`,
  );
}

/** Whether a value was written with long texts behind it. */
export function hasLongTexts(text: string): boolean {
  return text.startsWith(MARK);
}

/** Reads a value of a record. @throws JsonError or SyntaxError when it was not written so. */
export function readValue(text: string): Json {
  if (!hasLongTexts(text)) return readJson(text);
  let from = text.indexOf("\n") + 1;
  const [tree, ...places] = readJson(text.slice(MARK.length, from)) as unknown as readonly [
    { readonly v: Json },
    ...(readonly [way: PartWay, length: number])[],
  ];
  for (const [way, length] of places) {
    fill(tree, way, text.slice(from, from + length));
    from += length;
  }
  if (from !== text.length) refuse();
  return tree.v;
}

/** Puts a text into a tree that was just read. */
function fill(tree: object, way: PartWay, text: string): void {
  const last = way.at(-1)!;
  let at = tree as { [step: string]: unknown };
  for (const step of way.slice(0, -1)) at = (Object.hasOwn(at, step) ? at[step] : refuse()) as typeof at;
  if (!Object.hasOwn(at, last) || at[last] !== null) refuse();
  at[last] = text;
}

function refuse(): never {
  throw new JsonError({ reason: "syntax", detail: "the texts behind it do not fit" });
}
