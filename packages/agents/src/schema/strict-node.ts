/** One node of a JSON Schema as the strict dialect of providers wants it, or the reason why it cannot be. */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import { mapValues, own } from "./own.ts";
import { SAYABLE, toldInWords } from "./words.ts";

/** Keywords that the strict dialect refuses wherever they stand. */
const REFUSED: readonly string[] = [
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "dependentSchemas",
  "dependentRequired",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contains",
  "prefixItems",
  "$dynamicRef",
  "$id",
];

/** The limits that the dialect enforces itself; all others are told in words. */
const ENFORCED: ReadonlySet<string> = new Set([
  "pattern",
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
]);

/** The formats that the dialect knows; each says more than the pattern that libraries write beside it. */
const FORMATS: ReadonlySet<Json> = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
]);

/** Rewrites a node and all below it. `problems` receives one sentence for each thing that cannot be said strictly. */
export function strictNode(node: Json, path: string, problems: string[]): JsonObject {
  const where = path === "" ? "the root" : `"${path}"`;
  if (!isObject(node)) {
    problems.push(`${where} allows anything, which cannot be sent strictly`);
    return {};
  }
  for (const word of REFUSED) {
    if (word in node) problems.push(`${where} uses "${word}", which cannot be sent strictly`);
  }
  if ("$ref" in node) return withoutSiblings(node);
  const { oneOf } = node;
  if (oneOf !== undefined && !isDiscriminated(oneOf)) {
    problems.push(`${where} is a union where exactly one may fit, which cannot be sent strictly`);
  }
  const choices = node["anyOf"] ?? oneOf;
  if (Array.isArray(choices)) {
    const { anyOf: _, oneOf: __, ...rest } = node;
    return limited({ ...rest, anyOf: choices.map((choice: Json) => strictNode(choice, path, problems)) });
  }
  const strict = limited({ ...node, ...definitions(node, path, problems) });
  const types = typesOf(node);
  if (!(types.length > 0 || "enum" in node || "const" in node)) {
    problems.push(`${where} allows anything, which cannot be sent strictly`);
  }
  const asList = types.includes("array") ? strictList(strict, path, problems) : strict;
  return types.includes("object") ? strictObject(asList, path, problems) : asList;
}

function strictList(node: JsonObject, path: string, problems: string[]): JsonObject {
  // A tuple was named already, with what is wrong.
  if ("prefixItems" in node) return node;
  return { ...node, items: strictNode(node["items"] ?? true, `${path}[]`, problems) };
}

function strictObject(node: JsonObject, path: string, problems: string[]): JsonObject {
  const where = path === "" ? "the root" : `"${path}"`;
  const open = node["additionalProperties"];
  if (open !== undefined && open !== false) {
    problems.push(`${where} takes keys that are not named, which cannot be sent strictly`);
  }
  const properties = isObject(node["properties"]) ? node["properties"] : {};
  const required = requiredOf(node);
  const strict = mapValues(properties, (property, key) => {
    const rewritten = strictNode(property, path === "" ? key : `${path}.${key}`, problems);
    return required.has(key) || acceptsNull(property) ? rewritten : orNull(rewritten);
  });
  return { ...node, properties: strict, required: Object.keys(properties), additionalProperties: false };
}

function definitions(node: JsonObject, path: string, problems: string[]): JsonObject {
  if (!isObject(node["$defs"])) return {};
  return { $defs: mapValues(node["$defs"], (def, key) => strictNode(def, `${path}#${key}`, problems)) };
}

function typesOf(node: JsonObject): readonly Json[] {
  const { type } = node;
  if (type === undefined) return [];
  return Array.isArray(type) ? type : [type as Json];
}

/** The names a schema of an object requires. */
export function requiredOf(node: JsonObject): ReadonlySet<Json> {
  return new Set(Array.isArray(node["required"]) ? (node["required"] as readonly Json[]) : []);
}

/** Whether `null` fits a schema by itself; references are not followed. */
export function acceptsNull(node: Json): boolean {
  if (!isObject(node)) return node !== false;
  const { type, anyOf, oneOf } = node;
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.some(acceptsNull);
  if ("const" in node) return node["const"] === null;
  if (Array.isArray(node["enum"])) return node["enum"].includes(null);
  if (Array.isArray(node["allOf"])) return node["allOf"].every(acceptsNull);
  if (Array.isArray(type)) return type.includes("null");
  return type === "null" || (type === undefined && !("$ref" in node) && !("not" in node));
}

function orNull(node: JsonObject): JsonObject {
  return { anyOf: [node, { type: "null" }] };
}

/** The dialect takes nothing beside `$ref`; a description beside it moves outside. */
function withoutSiblings(node: JsonObject): JsonObject {
  const { $ref, default: value, ...rest } = node;
  const told = value === undefined ? rest : toldInWords(rest, [["default", value]]);
  return Object.keys(told).length === 0 ? { $ref: $ref! } : { ...told, anyOf: [{ $ref: $ref! }] };
}

/** Keeps the limits that the dialect enforces, and tells the model of the others in words. */
function limited(node: JsonObject): JsonObject {
  const { format } = node;
  const known = format !== undefined && FORMATS.has(format);
  const told: [string, Json][] = [];
  const kept: [string, Json][] = [];
  for (const [key, value] of Object.entries(node)) {
    const enforced = key === "format" ? known : key !== "pattern" || !known;
    if (!SAYABLE.has(key) || (enforced && ENFORCED.has(key))) kept.push([key, value]);
    else if (key !== "pattern") told.push([key, value]);
  }
  return toldInWords(Object.fromEntries(kept), told);
}

/** A union is discriminated when all its members fix one and the same property to different constants. */
function isDiscriminated(choices: Json): boolean {
  if (!Array.isArray(choices) || choices.length === 0) return false;
  const keys = choices.map((choice: Json) => constantsOf(choice));
  return [...keys[0]!.keys()].some((name) => {
    const values = keys.map((constants) => constants.get(name) ?? []);
    const all = values.flat();
    return values.every((some) => some.length > 0) && new Set(all).size === all.length;
  });
}

/** The properties of an object schema that take few values only, with these values as text. */
export function constantsOf(node: Json): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  if (!isObject(node) || !isObject(node["properties"])) return found;
  for (const [key, property] of Object.entries(node["properties"])) {
    if (!isObject(property)) continue;
    const fixed = own(property, "const");
    const listed = own(property, "enum");
    if (fixed !== undefined) found.set(key, [JSON.stringify(fixed)]);
    else if (Array.isArray(listed))
      found.set(
        key,
        listed.map((one: Json) => JSON.stringify(one)),
      );
  }
  return found;
}
