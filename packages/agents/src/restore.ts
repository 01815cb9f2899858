/** The way back from the strict dialect: the `null` a model had to write for "left out" is taken out again. */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "./json-object.ts";
import { acceptsNull, constantsOf, requiredOf } from "./strict-node.ts";

/**
 * Deletes from `value` each property that is `null` where `schema` has it as optional and not as nullable.
 * References in `schema` are looked up in `root`. The value that came in stays as it is.
 */
export function dropInventedNulls(value: Json, schema: Json, root: JsonObject): Json {
  const node = resolve(schema, root);
  if (node === undefined) return value;
  if (Array.isArray(value)) {
    const items = node["items"];
    return items === undefined ? value : value.map((item: Json) => dropInventedNulls(item, items, root));
  }
  if (!isObject(value)) return value;
  const shape = pickShape(value, node, root);
  if (shape === undefined || !isObject(shape["properties"])) return value;
  const required = requiredOf(shape);
  const kept: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    const property = shape["properties"][key];
    if (property === undefined) kept[key] = item;
    else if (item !== null) kept[key] = dropInventedNulls(item, property, root);
    else if (required.has(key) || takesNull(property, root)) kept[key] = null;
  }
  return kept;
}

/** The member of a union that a value means: the first whose constants it has. */
function pickShape(value: JsonObject, node: JsonObject, root: JsonObject): JsonObject | undefined {
  const choices = node["anyOf"] ?? node["oneOf"];
  if (!Array.isArray(choices)) return node;
  for (const choice of choices as readonly Json[]) {
    const member = resolve(choice, root);
    if (member === undefined) continue;
    const shape = pickShape(value, member, root);
    if (shape === undefined || shape["type"] !== "object") continue;
    const constants = [...constantsOf(shape)];
    const named = [...requiredOf(shape)].every((key) => typeof key === "string" && key in value);
    if (named && constants.every(([key, text]) => JSON.stringify(value[key]) === text)) return shape;
  }
  return undefined;
}

function takesNull(schema: Json, root: JsonObject): boolean {
  const node = resolve(schema, root);
  return node === undefined || acceptsNull(node);
}

/** Follows references inside the document, at most as many as a sane schema chains. */
function resolve(schema: Json, root: JsonObject): JsonObject | undefined {
  let node: Json | undefined = schema;
  for (let hops = 0; hops < 32; hops++) {
    if (!isObject(node)) return undefined;
    const ref: Json | undefined = node["$ref"];
    if (typeof ref !== "string") return node;
    node = lookUp(ref, root);
  }
  return undefined;
}

function lookUp(ref: string, root: JsonObject): Json | undefined {
  if (!ref.startsWith("#")) return undefined;
  let node: Json | undefined = root;
  for (const step of ref.slice(1).split("/").slice(1)) {
    if (!isObject(node) && !Array.isArray(node)) return undefined;
    node = (node as JsonObject)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return node;
}
