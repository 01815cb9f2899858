/** The little of JSON Schema that is needed to take arguments from a text and to fill an answer. */
import type { Json } from "@orch/core";
import type { JsonSchema } from "../../words/model.ts";

/** The properties of an object schema. */
export interface PlainObject {
  readonly properties: ReadonlyMap<string, JsonSchema>;
  readonly required: ReadonlySet<string>;
}

/** The properties of `schema`, references followed. */
export function plainSchema(schema: JsonSchema, root: JsonSchema): PlainObject {
  const plain = childSchema(schema, root);
  const properties = new Map<string, JsonSchema>();
  for (const [key, child] of Object.entries(asSchema(plain["properties"]) ?? {})) {
    properties.set(key, asSchema(child) ?? {});
  }
  const required = new Set(listOf(plain["required"]).filter((key) => typeof key === "string"));
  return { properties, required };
}

/** Follows `$ref`, merges `allOf`, and takes the first real type out of a union or of "this or null". */
export function childSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const choices = alternativesOf(schema, root);
  return choices.find((choice) => !isNull(choice)) ?? choices[0] ?? {};
}

/** Tells whether a schema takes null. */
export function isNullable(schema: JsonSchema, root: JsonSchema): boolean {
  return alternativesOf(schema, root).some(isNull);
}

/** All that a schema allows, as a flat list: unions in unions, lists of types and references resolved. */
function alternativesOf(schema: JsonSchema, root: JsonSchema, hops = 0): readonly JsonSchema[] {
  const ref = schema["$ref"];
  if (hops > 16) return [schema];
  if (typeof ref === "string") return alternativesOf(lookUp(ref, root), root, hops + 1);
  if (listOf(schema["allOf"]).length > 0) return alternativesOf(merge(schema, root), root, hops + 1);
  const branches = branchesOf(schema);
  if (branches.length > 0) {
    return branches.flatMap((branch) => alternativesOf({ ...without(schema), ...branch }, root, hops + 1));
  }
  const types = listOf(schema["type"]);
  return types.length > 0 ? types.map((type) => ({ ...schema, type })) : [schema];
}

/** The alternatives of `anyOf` and `oneOf`. */
function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])].map((branch) => asSchema(branch) ?? {});
}

/** A value as a schema, if it is an object. */
export function asSchema(value: Json | undefined): JsonSchema | undefined {
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value))
    return undefined;
  return value as JsonSchema;
}

/** A value as a list; anything else is empty. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isNull(schema: JsonSchema): boolean {
  return schema["type"] === "null" || schema["const"] === null;
}

function without(schema: JsonSchema): JsonSchema {
  const { anyOf: _any, oneOf: _one, ...rest } = schema;
  return rest;
}

function lookUp(ref: string, root: JsonSchema): JsonSchema {
  let at: Json | undefined = root;
  for (const step of ref
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "")) {
    const key = step.replace(/~1/g, "/").replace(/~0/g, "~");
    const here = asSchema(at);
    at = here !== undefined && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return asSchema(at) ?? {};
}

function merge(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { allOf, ...rest } = schema;
  let merged: JsonSchema = rest;
  for (const part of listOf(allOf)) {
    const plain = childSchema(asSchema(part) ?? {}, root);
    merged = {
      ...merged,
      ...plain,
      properties: { ...asSchema(merged["properties"]), ...asSchema(plain["properties"]) },
      required: [...listOf(merged["required"]), ...listOf(plain["required"])],
    };
  }
  return merged;
}
