/**
 * A JSON Schema in fewer words that mean the same, so that more of it can be sent strictly: records
 * with named keys are objects, intersections of objects are one object, choices that nothing fits
 * are gone, and patterns that providers cannot compile are told in words.
 */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import { mapValues, own } from "./own.ts";
import { SAYABLE, toldInWords } from "./words.ts";

/** Providers compile patterns to automata: neither looking around nor looking back is possible there. */
const BEYOND_AUTOMATA = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

const ANNOTATIONS = ["readOnly", "writeOnly", "deprecated", "$comment"] as const;
/** A record with more named keys than this stays a record. */
const MOST_NAMED_KEYS = 100;

/** Tidies a whole schema. */
export function tidy(schema: JsonObject): JsonObject {
  return tidyNode(rootInlined(schema));
}

/** A root that only refers to a definition becomes that definition. */
function rootInlined(schema: JsonObject): JsonObject {
  const { $ref, $defs, ...rest } = schema;
  if (typeof $ref !== "string" || !$ref.startsWith("#/$defs/") || !isObject($defs)) return schema;
  const name = $ref.slice("#/$defs/".length).replaceAll("~1", "/").replaceAll("~0", "~");
  const target = own($defs, name);
  return isObject(target) && !("$ref" in target) ? { ...target, ...rest, $defs } : schema;
}

function tidyNode(given: JsonObject): JsonObject {
  const node = withoutNoise(merged(given));
  const { properties, $defs, patternProperties, items, prefixItems, additionalProperties } = node;
  const below: { [key: string]: Json } = { ...node };
  if (isObject(properties)) below["properties"] = mapValues(properties, tidyChild);
  if (isObject($defs)) below["$defs"] = mapValues($defs, tidyChild);
  if (isObject(patternProperties)) below["patternProperties"] = mapValues(patternProperties, tidyChild);
  if (items !== undefined) below["items"] = tidyChild(items);
  if (Array.isArray(prefixItems)) below["prefixItems"] = prefixItems.map(tidyChild);
  if (additionalProperties !== undefined) below["additionalProperties"] = tidyChild(additionalProperties);
  for (const key of ["anyOf", "oneOf", "allOf"] as const) {
    const choices = node[key];
    if (Array.isArray(choices)) below[key] = choices.map(tidyChild);
  }
  return withoutNever(named(below));
}

function tidyChild(node: Json): Json {
  return isObject(node) ? tidyNode(node) : node;
}

/** Annotations that say nothing to a model, the bounds of every safe integer, and patterns beyond automata. */
function withoutNoise(node: JsonObject): JsonObject {
  const kept = Object.entries(node).filter(
    ([key, value]) =>
      !(ANNOTATIONS as readonly string[]).includes(key) &&
      !(key === "minimum" && value === Number.MIN_SAFE_INTEGER) &&
      !(key === "maximum" && value === Number.MAX_SAFE_INTEGER),
  );
  const clean: JsonObject = Object.fromEntries(kept);
  const { pattern, ...rest } = clean;
  if (typeof pattern !== "string" || !BEYOND_AUTOMATA.test(pattern)) return clean;
  return typeof rest["format"] === "string" ? rest : toldInWords(rest, [["pattern", pattern]]);
}

/** Puts the members of an `allOf` into the node where that says the same. */
function merged(node: JsonObject): JsonObject {
  const { allOf, ...rest } = node;
  if (!Array.isArray(allOf) || !allOf.every(isObject)) return node;
  const members = allOf as readonly JsonObject[];
  // Several patterns of one string: one node holds only one.
  const limits = members.every((member) => Object.keys(member).every((key) => SAYABLE.has(key)));
  if (limits)
    return toldInWords(
      rest,
      members.flatMap((member) => Object.entries(member)),
    );
  const parts = "type" in rest || "properties" in rest ? [rest, ...members] : members;
  const inner = parts.map((part) => merged(part));
  if (!inner.every(isOpenObject)) return node;
  const names = inner.flatMap((part) => Object.keys(part["properties"] as JsonObject));
  if (new Set(names).size !== names.length) return node;
  const properties = inner.flatMap((part) => Object.entries(part["properties"] as JsonObject));
  const required = inner.flatMap((part) => (Array.isArray(part["required"]) ? part["required"] : []));
  return { ...rest, type: "object", properties: Object.fromEntries(properties), required };
}

/** An object that names its properties, lets others pass, and says nothing else. */
function isOpenObject(node: JsonObject): boolean {
  const said = Object.keys(node).filter((key) => !["description", "title", "$defs"].includes(key));
  return (
    node["type"] === "object" &&
    isObject(node["properties"]) &&
    said.every((key) => key === "type" || key === "properties" || key === "required")
  );
}

/** A record whose keys are a short list is an object with these properties. */
function named(node: JsonObject): JsonObject {
  const { propertyNames, additionalProperties, ...rest } = node;
  const keys = isObject(propertyNames) ? propertyNames["enum"] : undefined;
  if (!Array.isArray(keys) || keys.length > MOST_NAMED_KEYS || "properties" in node) return node;
  if (!keys.every((key: Json) => typeof key === "string") || additionalProperties === undefined) return node;
  const properties = Object.fromEntries((keys as string[]).map((key) => [key, additionalProperties]));
  return { ...rest, properties, additionalProperties: false };
}

/** Choices and optional properties that no value fits are left out. */
function withoutNever(node: JsonObject): JsonObject {
  const { anyOf, properties } = node;
  const slim: { [key: string]: Json } = { ...node };
  if (Array.isArray(anyOf)) {
    const choices = anyOf.filter((choice: Json) => !isNever(choice));
    if (choices.length === 1 && isObject(choices[0])) {
      const { anyOf: _, ...rest } = node;
      return { ...choices[0], ...rest };
    }
    if (choices.length > 0) slim["anyOf"] = choices;
  }
  if (isObject(properties)) {
    const required = Array.isArray(node["required"]) ? node["required"] : [];
    const kept = Object.entries(properties).filter(
      ([key, value]) => !isNever(value) || required.includes(key),
    );
    slim["properties"] = Object.fromEntries(kept);
  }
  return slim;
}

function isNever(node: Json): boolean {
  return isObject(node) && isObject(node["not"]) && Object.keys(node["not"]).length === 0;
}
