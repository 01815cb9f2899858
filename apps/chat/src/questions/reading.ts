/** What a person typed into a field, as its value, or what is wrong with it in words. */
import { parseJson } from "@orch/core";
import type { Field, FieldKind, Option } from "./form.ts";

/** A value, nothing for a field that is left out, or a problem in words. */
export type Reading =
  | { readonly value: unknown; readonly others?: readonly unknown[] }
  | { readonly skipped: true }
  | { readonly problem: string };

/** Reads what stands in a field. */
export function readField(field: Field, typed: string): Reading {
  const { kind, optional } = field;
  const text = kind.type === "text" || kind.type === "open" ? typed : typed.trim();
  if (text.trim() === "") return optional ? { skipped: true } : { problem: told(field, missing(kind)) };
  const read = readKind(kind, text);
  return "problem" in read ? { problem: told(field, read.problem) } : read;
}

/** What fits a field, for its problem and its hint. */
export function fitting(kind: FieldKind): string {
  switch (kind.type) {
    case "choice":
      return either(kind.options);
    case "text":
      return kind.most < Number.POSITIVE_INFINITY ? `a text of at most ${kind.most} characters` : "a text";
    case "number":
      return numberWords(kind);
    case "list":
      return `${kind.of === "text" ? "texts" : "numbers"} with commas between, or one on each line`;
    case "json":
      return "JSON";
    case "open":
      return "an answer";
  }
}

/** The option that a text stands for: its number, its label, or a word for yes or no. */
export function optionFor(options: readonly Option[], text: string): number {
  const word = text.trim().toLowerCase();
  const exact = options.findIndex(({ label }) => label.toLowerCase() === word);
  if (exact >= 0) return exact;
  const said = YES.has(word) ? true : NO.has(word) ? false : undefined;
  if (said !== undefined) {
    const meant = options.findIndex(({ value }) => value === said);
    if (meant >= 0) return meant;
  }
  const number = /^\d+$/.test(word) ? Number(word) : 0;
  return number >= 1 && number <= options.length ? number - 1 : -1;
}

const YES: ReadonlySet<string> = new Set(["y", "yes", "true"]);
const NO: ReadonlySet<string> = new Set(["n", "no", "false"]);

function told({ path, label }: Field, problem: string): string {
  return path.length === 0 ? problem : `${label}: ${problem}`;
}

function missing(kind: FieldKind): string {
  return kind.type === "choice" ? either(kind.options) : `write ${fitting(kind)}`;
}

function either(options: readonly Option[]): string {
  const labels = options.slice(0, MAX_NAMED).map(({ label }) => label);
  const more = options.length - labels.length;
  if (more > 0) return `one of ${labels.join(", ")} and ${more} more`;
  const last = labels.pop() ?? "";
  return labels.length === 0 ? last : `${labels.join(", ")} or ${last}`;
}

/** Options that are named in a sentence. */
const MAX_NAMED = 6;

function readKind(kind: FieldKind, text: string): Exclude<Reading, { readonly skipped: true }> {
  switch (kind.type) {
    case "choice": {
      const at = optionFor(kind.options, text);
      return at < 0 ? { problem: either(kind.options) } : { value: kind.options[at]!.value };
    }
    case "text": {
      const { length } = text;
      if (length < kind.least) return { problem: `at least ${kind.least} characters` };
      return length > kind.most
        ? { problem: `at most ${kind.most} characters, not ${length}` }
        : { value: text };
    }
    case "number":
      return readNumber(kind, text);
    case "list":
      return readList(kind, text);
    case "json":
      return readJson(kind, text);
    case "open":
      return { value: text, others: otherReadings(text) };
  }
}

function readNumber(
  kind: Extract<FieldKind, { type: "number" }>,
  text: string,
): { readonly value: number } | { readonly problem: string } {
  const number = Number(text);
  const fits =
    Number.isFinite(number) &&
    !(kind.whole && !Number.isInteger(number)) &&
    number >= kind.least &&
    number <= kind.most;
  return fits ? { value: number } : { problem: numberWords(kind) };
}

function numberWords({ whole, least, most }: Extract<FieldKind, { type: "number" }>): string {
  const what = whole ? "a whole number" : "a number";
  // Integers of a schema have the bounds of exact numbers, which nobody means.
  const from = least > -Number.MAX_SAFE_INTEGER;
  const to = most < Number.MAX_SAFE_INTEGER;
  if (from && to) return `${what} from ${least} to ${most}`;
  if (from) return `${what}, at least ${least}`;
  return to ? `${what}, at most ${most}` : what;
}

function readList(
  { of, least, most }: Extract<FieldKind, { type: "list" }>,
  text: string,
): { readonly value: readonly unknown[] } | { readonly problem: string } {
  const parts = text
    .split(text.includes("\n") ? "\n" : ",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length < least) return { problem: `at least ${least}, with commas between` };
  if (parts.length > most) return { problem: `at most ${most}, not ${parts.length}` };
  if (of === "text") return { value: parts };
  const numbers = parts.map(Number);
  const wrong = numbers.findIndex((number) => !Number.isFinite(number));
  return wrong < 0 ? { value: numbers } : { problem: `numbers; "${parts[wrong]}" is none` };
}

function readJson(
  { takes }: Extract<FieldKind, { type: "json" }>,
  text: string,
): { readonly value: unknown; readonly others?: readonly unknown[] } | { readonly problem: string } {
  const json = jsonIn(text);
  const word = text.trim().toLowerCase();
  const said = YES.has(word) ? [true] : NO.has(word) ? [false] : [];
  const readings = [
    ...(json === undefined ? [] : [json.value]),
    ...(takes.includes("boolean") ? said : []),
    ...(takes.includes("string") ? [text] : []),
  ];
  if (readings.length === 0) return { problem: "JSON, like the example that the editor shows" };
  const [value, ...others] = readings;
  return { value, ...(others.length > 0 && { others }) };
}

/** What a text may mean to a question that does not say what it takes, besides the text. */
function otherReadings(text: string): readonly unknown[] {
  const word = text.trim().toLowerCase();
  if (YES.has(word)) return [true];
  if (NO.has(word)) return [false];
  const json = jsonIn(text);
  return json === undefined ? [] : [json.value];
}

function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
