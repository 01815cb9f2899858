/** A tool call in short: its name, and what it is called with. */
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { truncate } from "../terminal/width.ts";

/** Cells of a tool's name, and of its arguments. */
const MAX_NAME = 40;
const MAX_ARGUMENTS = 60;
/** Arguments that are shown. */
const MAX_COUNT = 4;
/** Characters that are read of one argument. */
const MAX_TEXT = 200;

/**
 * Says what is called with what. One argument stands alone; several have their names.
 *
 * @example
 * ```ts
 * callLabel("read_file", { path: "a.md" }); // read_file(“a.md”)
 * ```
 */
export function callLabel(name: string, input: unknown): SafeText {
  return safe`${truncate(oneLine(name), MAX_NAME)}(${truncate(oneLine(argumentsOf(input)), MAX_ARGUMENTS)})`;
}

function argumentsOf(input: unknown): string {
  if (input === undefined || input === null) return "";
  if (typeof input !== "object") return shortValue(input);
  if (Array.isArray(input)) return shortValue(input);
  const fields = Object.entries(input);
  const [only] = fields;
  if (fields.length === 1 && only !== undefined) return shortValue(only[1]);
  const shown = fields.slice(0, MAX_COUNT).map(([key, value]) => `${key}: ${shortValue(value)}`);
  return [...shown, ...(fields.length > MAX_COUNT ? ["…"] : [])].join(", ");
}

function shortValue(value: unknown): string {
  if (typeof value === "string") return `“${value.slice(0, MAX_TEXT)}”`;
  if (Array.isArray(value)) return value.length === 1 ? "[1 item]" : `[${value.length} items]`;
  return typeof value === "object" && value !== null ? "{…}" : String(value);
}

function oneLine(text: string): SafeText {
  return safeText(safeText(text).replaceAll(/\s+/g, " "));
}
