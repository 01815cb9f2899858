/**
 * The way back: the `null` a model had to write for "left out" is taken out again, and dates and big
 * integers, which travel as text, become what they are.
 */
import type { Json } from "@orch/core";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import { REVIVES } from "./json-form.ts";
import { own } from "./own.ts";
import { acceptsNull, constantsOf, requiredOf } from "./strict-node.ts";

/** How deep a member of a union is compared with a value; enough to tell members apart, and never costly. */
const COMPARED = 2;
/** A sane schema chains no more references than this. */
const MOST_HOPS = 32;

/**
 * Restores `value` by `schema`, whose references are looked up in `root`. What does not fit the schema
 * stays as it is, for the user's schema to judge. The value that came in is not changed.
 */
export function restoreValue(value: Json, schema: Json, root: JsonObject): unknown {
  const node = resolve(schema, root);
  if (node === undefined) return value;
  const choices = choicesOf(node);
  if (choices !== undefined) {
    const member = pick(value, choices, root);
    return member === undefined ? value : restoreValue(value, member, root);
  }
  const parts = node["allOf"];
  if (Array.isArray(parts)) return restoreByAll(value, node, parts, root);
  const revives = own(node, REVIVES);
  if (revives !== undefined) return revive(value, revives);
  if (Array.isArray(value)) return restoreList(value, node, root);
  return isObject(value) ? restoreObject(value, node, root) : value;
}

/** Keywords that may make something else of a text, a number or a truth value, or lead to where that stands. */
const CHANGING = ["$ref", "anyOf", "oneOf", "allOf", REVIVES] as const;

/** Whether {@link restoreValue} gives every simple object back as it is: one of texts, numbers and truth values. Asked once for a schema. */
export function keepsSimple(schema: JsonObject): boolean {
  const properties = own(schema, "properties");
  const named = isObject(properties) ? Object.values(properties) : [];
  return [schema, ...named, own(schema, "additionalProperties")].every(
    (node) => !isObject(node) || !CHANGING.some((key) => Object.hasOwn(node, key)),
  );
}

/** Whether a value is an object of texts, numbers and truth values. */
export function isSimple(value: Json): value is JsonObject {
  if (!isObject(value)) return false;
  // Without a list of its keys: JSON has no others.
  for (const key in value) if (typeof value[key] === "object") return false;
  return true;
}

/** Members of an intersection describe the same object; the first that knows a property restores it. */
function restoreByAll(value: Json, node: JsonObject, parts: readonly Json[], root: JsonObject): unknown {
  const { allOf: _, ...rest } = node;
  if (!isObject(value)) return value;
  const found = [rest, ...parts].flatMap((part) => {
    const member = resolve(part, root);
    const choices = member && choicesOf(member);
    const chosen = choices === undefined ? member : pick(value, choices, root);
    return chosen === undefined ? [] : [resolve(chosen, root) ?? {}];
  });
  const properties = found.flatMap((part) => {
    const named = own(part, "properties");
    return isObject(named) ? Object.entries(named) : [];
  });
  const required = found.flatMap((part) => [...requiredOf(part)]);
  const others = found.find((part) => isObject(own(part, "additionalProperties")));
  return restoreObject(
    value,
    {
      properties: Object.fromEntries(properties.reverse()),
      required,
      ...(others && { additionalProperties: others["additionalProperties"]! }),
    },
    root,
  );
}

function restoreList(value: readonly Json[], node: JsonObject, root: JsonObject): unknown {
  const items = own(node, "items");
  const places = own(node, "prefixItems");
  return value.map((item, at) => {
    const schema = (Array.isArray(places) ? places[at] : undefined) ?? items;
    return schema === undefined ? item : restoreValue(item, schema, root);
  });
}

function restoreObject(value: JsonObject, node: JsonObject, root: JsonObject): unknown {
  const properties = own(node, "properties");
  const others = own(node, "additionalProperties");
  // A copy has all keys of its own, so that setting one never reaches a prototype.
  const restored: { [key: string]: unknown } = { ...value };
  for (const key of Object.keys(value)) {
    const item = value[key]!;
    const property = isObject(properties) ? own(properties, key) : undefined;
    const schema = property ?? (isObject(others) ? others : undefined);
    const invented =
      property !== undefined && item === null && !requiredOf(node).has(key) && !takesNull(property, root);
    if (invented) delete restored[key];
    else if (schema !== undefined) restored[key] = restoreValue(item, schema, root);
  }
  return restored;
}

const DATE = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?$/;
const WHOLE = /^-?\d{1,4000}$/;

function revive(value: Json, as: Json): unknown {
  if (as === "date" && typeof value === "string" && DATE.test(value)) return new Date(value);
  const whole = typeof value === "string" ? WHOLE.test(value) : Number.isSafeInteger(value);
  return as === "bigint" && whole ? BigInt(value as string | number) : value;
}

function choicesOf(node: JsonObject): readonly Json[] | undefined {
  const choices = own(node, "anyOf") ?? own(node, "oneOf");
  return Array.isArray(choices) ? choices : undefined;
}

/**
 * The member of a union that a value means. Members that take the value as it is come before those
 * that would make something else of it, so that text stays text where text is allowed.
 */
function pick(value: Json, choices: readonly Json[], root: JsonObject): Json | undefined {
  const fitting = choices.filter((choice) => fits(value, choice, root, COMPARED));
  return fitting.find((choice) => !revives(choice, root)) ?? fitting[0];
}

function revives(schema: Json, root: JsonObject): boolean {
  const node = resolve(schema, root);
  return node !== undefined && REVIVES in node;
}

/** Whether a value may be meant by a whole schema. */
export function mayMean(value: Json, schema: JsonObject): boolean {
  return fits(value, schema, schema, COMPARED);
}

/** Whether a value may be meant by a schema, looking `depth` levels into it. A missing optional may be `null`. */
function fits(value: Json, schema: Json, root: JsonObject, depth: number): boolean {
  if (schema === false) return false;
  const node = resolve(schema, root);
  if (node === undefined) return true;
  const choices = choicesOf(node);
  if (choices !== undefined) return depth === 0 || choices.some((one) => fits(value, one, root, depth - 1));
  if ("const" in node) return JSON.stringify(node["const"]) === JSON.stringify(value);
  const listed = own(node, "enum");
  if (Array.isArray(listed) && !listed.includes(value as never)) return false;
  if (!hasType(value, node["type"], node)) return false;
  if (!isObject(value)) return true;
  const properties = own(node, "properties");
  const named: JsonObject = isObject(properties) ? properties : {};
  if ([...requiredOf(node)].some((key) => typeof key === "string" && !Object.hasOwn(value, key)))
    return false;
  for (const [key, texts] of constantsOf(node)) {
    const item = own(value, key);
    if (item !== undefined && item !== null && !texts.includes(JSON.stringify(item))) return false;
  }
  const closed = own(node, "additionalProperties") === false;
  return Object.entries(value).every(([key, item]) => {
    const property = own(named, key);
    if (property === undefined) return !closed;
    if (item === null && !requiredOf(node).has(key)) return true;
    return depth === 0 || fits(item, property, root, depth - 1);
  });
}

function hasType(value: Json, type: Json | undefined, node: JsonObject): boolean {
  if (type === undefined) return true;
  if (Array.isArray(type)) return type.some((one: Json) => hasType(value, one, node));
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
      // A big integer may come as a number that is small enough.
      return typeof value === "string" || (own(node, REVIVES) === "bigint" && Number.isSafeInteger(value));
    default:
      return typeof value === type;
  }
}

function takesNull(schema: Json, root: JsonObject, depth = MOST_HOPS): boolean {
  const node = resolve(schema, root);
  if (node === undefined) return true;
  const choices = choicesOf(node);
  if (choices === undefined || depth === 0) return acceptsNull(node);
  return choices.some((one) => takesNull(one, root, depth - 1));
}

/** Follows references inside the document. */
function resolve(schema: Json, root: JsonObject): JsonObject | undefined {
  let node: Json | undefined = schema;
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    if (!isObject(node)) return undefined;
    const ref: Json | undefined = own(node, "$ref");
    if (typeof ref !== "string") return node;
    node = lookUp(ref, root);
  }
  return undefined;
}

function lookUp(ref: string, root: JsonObject): Json | undefined {
  if (!ref.startsWith("#")) return undefined;
  let node: Json | undefined = root;
  for (const step of ref.slice(1).split("/").slice(1)) {
    const key = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(node)) node = node[Number(key)];
    else if (isObject(node)) node = own(node, key);
    else return undefined;
  }
  return node;
}

/** A reference is a part of a URL; a reference that is not a proper part of a URL is taken literally. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
