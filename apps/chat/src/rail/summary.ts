import type { EventError } from "@orch/core";
import { failureReason } from "../errors/failure-words.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { truncate } from "../terminal/width.ts";
import { count } from "./figures.ts";

/** One thing that can be counted; nothing there is `zero`. */
interface Figure {
  readonly text: SafeText;
  readonly zero: boolean;
}

/** How many figures a summary has. */
const MAX_PARTS = 3;

/** Cells of a summary. */
const MAX_SUMMARY = 48;

/** Cells of the first line of a longer text. */
const MAX_QUOTE = 30;

/** Characters of a word that tells more than a count, like what was chosen. */
const MAX_WORD = 20;

/**
 * Says in a few words what a state gave: the kind of value and its size, not its content as JSON.
 *
 * @example
 * ```ts
 * summarize({ queries: ["a", "b"] }); // 2 queries
 * ```
 */
export function summarize(output: unknown): SafeText {
  return truncate(describe(output, 0), MAX_SUMMARY);
}

/** The words that its author has for an output, on one line, and where there are none its kind and size. */
export function summaryOf(output: unknown, words: string | undefined): SafeText {
  return words === undefined
    ? summarize(output)
    : truncate(safeText(words.replaceAll("\n", " ")), MAX_SUMMARY);
}

function describe(output: unknown, depth: number): SafeText {
  switch (typeof output) {
    case "string":
      return describeText(output);
    case "number":
    case "boolean":
    case "bigint":
      return safeText(String(output));
    case "object":
      if (output === null) return safe`nothing`;
      return Array.isArray(output) ? plural(output.length, safe`items`) : describeObject(output, depth);
    default:
      return safe`nothing`;
  }
}

function describeText(text: string): SafeText {
  // A long text is measured by its length: counting its words would cost more than they tell.
  if (text.length > 2000) return safe`text · ${count(text.length)} characters`;
  const lines = safeText(text).trim().split("\n");
  const first = safeText(lines[0] ?? "");
  if (first === "") return safe`empty text`;
  // What stands below the row in full is not repeated in it.
  return lines.length === 1
    ? safe`“${first}”`
    : safe`“${truncate(first, MAX_QUOTE)}” · ${lines.length} lines`;
}

function describeObject(value: object, depth: number): SafeText {
  const fields = new Map<string, unknown>(Object.entries(value));
  // An agent's result is about its output.
  const stop = fields.get("stopReason");
  if (typeof stop === "string" && fields.has("messages") && depth === 0)
    return stop === "done" ? describe(fields.get("output"), 1) : safe`stopped: ${safeText(stop)}`;
  const parts = [...figures(fields)];
  const telling = parts.filter(({ zero }) => !zero);
  const shown = new Set((telling.length > 0 ? telling : parts).map(({ text }) => text));
  if (shown.size > 0) return safeText([...shown].slice(0, MAX_PARTS).join(" · "));
  return fields.size === 0 ? safe`empty` : safeText([...fields.keys()].slice(0, 4).join(", "));
}

/** What can be counted in an object, its own fields before those of the objects in it. */
function* figures(fields: ReadonlyMap<string, unknown>, deeper = true): Iterable<Figure> {
  for (const [key, field] of fields) {
    const name = safeText(key);
    if (Array.isArray(field)) yield { text: plural(field.length, name), zero: field.length === 0 };
    else if (typeof field === "boolean" || typeof field === "number")
      yield { text: safe`${name} ${safeText(String(field))}`, zero: field === 0 };
    else if (!deeper) continue;
    else if (typeof field === "string" && field.length <= MAX_WORD && /^[\p{L}\p{N}_-]+$/u.test(field))
      yield { text: safe`${name} ${safeText(field)}`, zero: false };
  }
  if (!deeper) return;
  for (const field of fields.values()) {
    if (typeof field !== "object" || field === null || Array.isArray(field)) continue;
    yield* figures(new Map(Object.entries(field)), false);
  }
}

function plural(size: number, name: SafeText): SafeText {
  return safe`${size} ${size === 1 ? safeText(singular(name)) : name}`;
}

function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  return name.endsWith("s") && !name.endsWith("ss") ? name.slice(0, -1) : name;
}

/** Why a state failed, in one line, as the screen and standard error say it. */
export function reasonOf(error: EventError): SafeText {
  return safeText(failureReason(error));
}
