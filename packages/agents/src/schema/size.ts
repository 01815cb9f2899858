/** How large a schema may be to be enforced, as OpenAI documents it for structured outputs. */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import { own } from "./own.ts";

const MOST_PROPERTIES = 5_000;
const MOST_LEVELS = 10;
const MOST_CHOICES = 1_000;
/** Names, choices and constants together, in characters. */
const MOST_TEXT = 120_000;

interface Size {
  properties: number;
  levels: number;
  choices: number;
  text: number;
}

/** Says of a schema that is too large to be enforced what is too much of it; a sentence without its stop. */
export function tooLarge(schema: JsonObject): string | undefined {
  const size: Size = { properties: 0, levels: 0, choices: 0, text: 0 };
  measure(schema, 0, size);
  const over = (what: string, is: number, most: number): string | undefined =>
    is > most ? `the root has ${is} ${what} where ${most} can be sent strictly` : undefined;
  return (
    over("properties", size.properties, MOST_PROPERTIES) ??
    over("levels of nesting", size.levels, MOST_LEVELS) ??
    over("choices", size.choices, MOST_CHOICES) ??
    over("characters of names and choices", size.text, MOST_TEXT)
  );
}

function measure(node: Json, level: number, size: Size): void {
  if (!isObject(node)) return;
  const properties = own(node, "properties");
  const within = isObject(properties) || "items" in node ? level + 1 : level;
  size.levels = Math.max(size.levels, within);
  if (isObject(properties)) {
    const names = Object.keys(properties);
    size.properties += names.length;
    for (const name of names) {
      size.text += name.length;
      measure(properties[name]!, within, size);
    }
  }
  const listed = own(node, "enum");
  if (Array.isArray(listed)) {
    size.choices += listed.length;
    for (const one of listed as readonly Json[]) size.text += String(one).length;
  }
  const fixed = own(node, "const");
  if (fixed !== undefined) size.text += String(fixed).length;
  const items = own(node, "items");
  if (items !== undefined) measure(items, within, size);
  const choices = own(node, "anyOf");
  if (Array.isArray(choices)) for (const choice of choices as readonly Json[]) measure(choice, level, size);
  const definitions = own(node, "$defs");
  if (!isObject(definitions)) return;
  for (const [name, definition] of Object.entries(definitions)) {
    size.text += name.length;
    measure(definition, 0, size);
  }
}

/** Whether a value of the schema may hold another of the same definition, to any depth. */
export function isRecursive(schema: JsonObject): boolean {
  const definitions = own(schema, "$defs");
  const named: JsonObject = isObject(definitions) ? definitions : {};
  const { $defs: _, ...rest } = schema;
  const reaches = new Map(
    Object.entries(named).map(([name, node]) => [`#/$defs/${escaped(name)}`, refsOf(node)]),
  );
  // A reference that is not to a definition leads to the enclosing node.
  if ([rest, ...Object.values(named)].some((node) => refsOf(node).some((ref) => !reaches.has(ref))))
    return true;
  const settled = new Set<string>();
  const loops = (ref: string, above: readonly string[]): boolean => {
    if (above.includes(ref)) return true;
    if (settled.has(ref)) return false;
    const found = (reaches.get(ref) ?? []).some((next) => loops(next, [...above, ref]));
    settled.add(ref);
    return found;
  };
  return refsOf(rest).some((ref) => loops(ref, []));
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function refsOf(node: Json): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((one: Json) => refsOf(one));
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : refsOf(value),
  );
}
