/**
 * A strict schema as Anthropic compiles it to a grammar: fewer keywords still, and types one by one.
 * What is left out is told in words, and checked afterwards like everything else.
 *
 * Source: the list of supported keywords in `@anthropic-ai/sdk`, lib/transform-json-schema.
 */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import { mapValues, own } from "./own.ts";
import { SAYABLE, toldInWords } from "./words.ts";

/** Rewrites a strict schema that does not refer to itself; any other one must not be sent to be enforced. */
export function grammarSchema(node: JsonObject): JsonObject {
  const { type } = node;
  const listed = "enum" in node || "const" in node;
  if (Array.isArray(type) && !listed) {
    const { type: _, description, title, ...limits } = node;
    const about = {
      ...(description !== undefined && { description }),
      ...(title !== undefined && { title }),
    };
    return {
      ...about,
      anyOf: type.map((one: Json) => grammarSchema({ type: one, ...limitsOf(one, limits) })),
    };
  }
  const told: [string, Json][] = [];
  const kept: [string, Json][] = [];
  for (const [key, value] of Object.entries(node)) {
    // The values say of which type they are.
    if (key === "type" && listed) continue;
    const few = key === "minItems" && (value === 0 || value === 1);
    if (!SAYABLE.has(key) || key === "format" || few) kept.push([key, below(key, value)]);
    else told.push([key, value]);
  }
  return toldInWords(Object.fromEntries(kept), told);
}

function below(key: string, value: Json): Json {
  if (key === "properties" || key === "$defs") {
    return isObject(value) ? mapValues(value, (one) => (isObject(one) ? grammarSchema(one) : one)) : value;
  }
  if (key === "items") return isObject(value) ? grammarSchema(value) : value;
  if (key === "anyOf" && Array.isArray(value)) {
    return value.map((one: Json) => (isObject(one) ? grammarSchema(one) : one));
  }
  return value;
}

const OF_TYPE: { readonly [type: string]: readonly string[] } = {
  string: ["format", "pattern", "minLength", "maxLength"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  array: ["items", "minItems", "maxItems"],
  object: ["properties", "required", "additionalProperties"],
};

function limitsOf(type: Json, node: JsonObject): JsonObject {
  const found = (OF_TYPE[String(type)] ?? []).flatMap((key) => {
    const value = own(node, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found);
}
