/**
 * Schemas on their way to a model, and values on their way back.
 *
 * Providers that constrain what a model writes ("strict") take less than JSON Schema: objects
 * closed, every property required, objects at the root. `toStrict` rewrites a schema to that, and
 * its `restore` undoes the rewriting on the value, so that the user's schema reads what it meant.
 * What cannot be said strictly is sent as it is, as a hint, with a warning; validation is always
 * the user's schema, afterwards.
 *
 * The *input* form of a schema is sent, because the model writes what `parse` reads: defaults are
 * optional there, and transforms and pipes show what they take.
 */
import type { Json, Schema } from "@orch/core";
import { isObject, type JsonObject } from "../platform/json-object.ts";
import type { JsonSchema } from "../words/model.ts";
import { jsonFormOf, withoutMarks } from "./json-form.ts";
import { mapValues } from "./own.ts";
import { isSimple, keepsSimple, mayMean, restoreValue } from "./restore.ts";
import { tooLarge } from "./size.ts";
import { strictNode } from "./strict-node.ts";
import { tidy } from "./tidy.ts";

/** A schema as it is sent, and the way back. */
export interface SentSchema {
  /** An object at the root, always. */
  readonly schema: JsonSchema;
  /** The schema before any rewriting, for models that only read it. */
  readonly plain: JsonSchema;
  /** Whether the provider may constrain the model to it. */
  readonly strict: boolean;
  /** Why it could not be strict, one sentence each. */
  readonly warnings: readonly string[];
  /** Undoes on a value the changes that were made to the schema; a value that fits no branch stays as it is. */
  readonly restore: (value: Json) => unknown;
}

const made = new WeakMap<Schema, SentSchema>();

/**
 * Rewrites a schema for providers that constrain; once per schema, the result is kept with it.
 *
 * @throws SchemaError (`ORCH_SCHEMA`) when the schema has no JSON form.
 */
export function toStrict(schema: Schema): SentSchema {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const sent = rewrite(tidy(jsonFormOf(schema)));
  made.set(schema, sent);
  return sent;
}

function rewrite(marked: JsonSchema): SentSchema {
  const plain = withoutMarks(marked) as JsonObject;
  const wrapped = !isPlainObjectSchema(plain);
  const root = wrapped ? wrap(plain) : plain;
  const problems: string[] = [];
  const strict = strictNode(root, "", problems);
  const size = tooLarge(strict);
  if (size !== undefined) problems.push(size);
  const keeps = !wrapped && keepsSimple(marked);
  const restore = (value: Json): unknown => {
    // Most arguments are so, and walking through the schema costs more than checking them.
    if (keeps && isSimple(value)) return { ...value };
    const inner = wrapped ? unwrap(value, marked) : value;
    return restoreValue(inner, marked, marked);
  };
  if (problems.length === 0) return { schema: strict, plain, strict: true, warnings: [], restore };
  return { schema: root, plain, strict: false, warnings: [...new Set(problems)], restore };
}

function isPlainObjectSchema(schema: JsonSchema): boolean {
  return (
    schema["type"] === "object" && !["anyOf", "oneOf", "allOf", "$ref", "enum"].some((key) => key in schema)
  );
}

/** Takes a value out of the object that was put around it, which a model may have left away. */
function unwrap(value: Json, schema: JsonObject): Json {
  if (!isObject(value) || !Object.hasOwn(value, "value")) return value;
  const inner = value["value"]!;
  const alone = Object.keys(value).length === 1;
  const wholeFits = mayMean(value, schema);
  return wholeFits && !(alone && mayMean(inner, schema)) ? value : inner;
}

/** Puts a schema that is not an object's under `value`, and mends the references that began at its root. */
function wrap(schema: JsonSchema): JsonSchema {
  const { $defs, ...inner } = schema;
  const root = {
    type: "object",
    properties: { value: moveRoot(inner) },
    required: ["value"],
    additionalProperties: false,
  };
  return $defs === undefined ? root : { ...root, $defs: moveRoot($defs) };
}

function moveRoot(node: Json): Json {
  if (Array.isArray(node)) return node.map(moveRoot);
  if (!isObject(node)) return node;
  return mapValues(node, (item, key) => {
    const movable = key === "$ref" && typeof item === "string" && !item.startsWith("#/$defs/");
    return movable ? `#/properties/value${item.slice(1)}` : moveRoot(item);
  });
}
