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
import { SchemaError } from "./errors/schema-error.ts";
import { isObject, type JsonObject } from "./json-object.ts";
import type { JsonSchema } from "./model.ts";
import { dropInventedNulls } from "./restore.ts";
import { strictNode } from "./strict-node.ts";

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
  /** Undoes on a value what was done to the schema. */
  readonly restore: (value: Json) => Json;
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
  const plain = jsonSchemaOf(schema);
  const sent = rewrite(plain);
  made.set(schema, sent);
  return sent;
}

/** What `~standard` has, besides, in libraries that offer Standard JSON Schema. */
interface JsonSchemaSource {
  readonly jsonSchema?: { readonly input?: (options: { readonly target: string }) => unknown };
}

function jsonSchemaOf(schema: Schema): JsonSchema {
  const standard: Schema["~standard"] & JsonSchemaSource = schema["~standard"];
  const { vendor } = standard;
  if (typeof standard.jsonSchema?.input !== "function") {
    throw new SchemaError({ vendor, problem: "its library does not offer a JSON Schema" });
  }
  let value: unknown;
  try {
    value = standard.jsonSchema.input({ target: "draft-2020-12" });
  } catch (cause) {
    throw new SchemaError(
      { vendor, problem: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
  if (!isObject(value)) throw new SchemaError({ vendor, problem: "its JSON Schema is not an object" });
  const { $schema: _, ...rest } = value;
  return rest;
}

function rewrite(plain: JsonSchema): SentSchema {
  const wrapped = !isPlainObjectSchema(plain);
  const root = wrapped ? wrap(plain) : plain;
  const problems: string[] = [];
  const strict = strictNode(root, "", problems);
  const restore = (value: Json): Json => {
    const inner = wrapped && isObject(value) && "value" in value ? value["value"]! : value;
    return dropInventedNulls(inner, plain, plain);
  };
  if (problems.length === 0) return { schema: strict, plain, strict: true, warnings: [], restore };
  return { schema: root, plain, strict: false, warnings: problems, restore };
}

function isPlainObjectSchema(schema: JsonSchema): boolean {
  return schema["type"] === "object" && !("anyOf" in schema) && !("oneOf" in schema) && !("$ref" in schema);
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
  const moved: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(node) as [string, JsonObject[string]][]) {
    const movable = key === "$ref" && typeof item === "string" && !item.startsWith("#/$defs/");
    moved[key] = movable ? `#/properties/value${item.slice(1)}` : moveRoot(item);
  }
  return moved;
}
