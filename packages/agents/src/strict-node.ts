/** One node of a JSON Schema as the strict dialect of providers wants it, or the reason why it cannot be. */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "./json-object.ts";

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
  "contains",
  "prefixItems",
  "$dynamicRef",
  "$id",
];

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
  if ("oneOf" in node && !isDiscriminated(node["oneOf"])) {
    problems.push(`${where} is a union where exactly one may fit, which cannot be sent strictly`);
  }
  const choices = node["anyOf"] ?? node["oneOf"];
  if (Array.isArray(choices)) {
    const { anyOf: _, oneOf: __, ...rest } = node;
    return withDefault({ ...rest, anyOf: choices.map((choice: Json) => strictNode(choice, path, problems)) });
  }
  const strict = withDefault({ ...node, ...definitions(node, path, problems) });
  if (node["type"] === "object") return strictObject(strict, path, problems);
  if (node["type"] === "array") {
    return { ...strict, items: strictNode(node["items"] ?? true, `${path}[]`, problems) };
  }
  if (!("type" in node || "enum" in node || "const" in node)) {
    problems.push(`${where} allows anything, which cannot be sent strictly`);
  }
  return strict;
}

function strictObject(node: JsonObject, path: string, problems: string[]): JsonObject {
  const where = path === "" ? "the root" : `"${path}"`;
  const open = node["additionalProperties"];
  if (open !== undefined && open !== false) {
    problems.push(`${where} takes keys that are not named, which cannot be sent strictly`);
  }
  const properties = isObject(node["properties"]) ? node["properties"] : {};
  const required = requiredOf(node);
  const strict: { [key: string]: Json } = {};
  for (const [key, property] of Object.entries(properties)) {
    const rewritten = strictNode(property, path === "" ? key : `${path}.${key}`, problems);
    strict[key] = required.has(key) || acceptsNull(property) ? rewritten : orNull(rewritten);
  }
  return { ...node, properties: strict, required: Object.keys(properties), additionalProperties: false };
}

function definitions(node: JsonObject, path: string, problems: string[]): JsonObject {
  if (!isObject(node["$defs"])) return {};
  const defs: { [key: string]: Json } = {};
  for (const [key, def] of Object.entries(node["$defs"])) {
    defs[key] = strictNode(def, `${path}#${key}`, problems);
  }
  return { $defs: defs };
}

/** The names a schema of an object requires. */
export function requiredOf(node: JsonObject): ReadonlySet<Json> {
  return new Set(Array.isArray(node["required"]) ? (node["required"] as readonly Json[]) : []);
}

/** Whether `null` fits a schema by itself; references are not followed. */
export function acceptsNull(node: Json): boolean {
  if (!isObject(node)) return true;
  const { type, anyOf, oneOf } = node;
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.some(acceptsNull);
  if ("const" in node) return node["const"] === null;
  if (Array.isArray(node["enum"])) return node["enum"].includes(null);
  if (Array.isArray(type)) return type.includes("null");
  return type === "null" || (type === undefined && !("$ref" in node));
}

function orNull(node: JsonObject): JsonObject {
  return { anyOf: [node, { type: "null" }] };
}

/** The dialect takes nothing beside `$ref`; a description beside it moves outside. */
function withoutSiblings(node: JsonObject): JsonObject {
  const { $ref, default: _, ...rest } = node;
  return Object.keys(rest).length === 0 ? { $ref: $ref! } : { ...rest, anyOf: [{ $ref: $ref! }] };
}

/** The dialect has no `default`; the model is told of it in words. */
function withDefault(node: JsonObject): JsonObject {
  if (!("default" in node)) return node;
  const { default: value, description, ...rest } = node;
  const told = `Default: ${JSON.stringify(value)}.`;
  return { ...rest, description: typeof description === "string" ? `${description} ${told}` : told };
}

/** A union is discriminated when all its members fix one and the same property to different constants. */
function isDiscriminated(choices: Json | undefined): boolean {
  if (!Array.isArray(choices) || choices.length === 0) return false;
  const keys = choices.map((choice: Json) => constantsOf(choice));
  return [...keys[0]!.keys()].some((name) => {
    const values = keys.map((constants) => constants.get(name));
    return !values.includes(undefined) && new Set(values).size === values.length;
  });
}

/** The properties of an object schema that can have one value only, with that value as text. */
export function constantsOf(node: Json): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!isObject(node) || !isObject(node["properties"])) return found;
  for (const [key, property] of Object.entries(node["properties"])) {
    if (isObject(property) && "const" in property) found.set(key, JSON.stringify(property["const"]));
  }
  return found;
}
