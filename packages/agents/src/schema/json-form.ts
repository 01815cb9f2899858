/**
 * The JSON Schema of a Standard Schema: what its `parse` reads, since that is what a model writes.
 *
 * JSON has no dates and no big integers. zod says where they stand, and there they are sent as text
 * under a mark, {@link REVIVES}, by which `restore` makes the value again. What no text can stand
 * for (a map, a class, a function) is an error when the tool or the agent is made, with its place.
 */
import type { Json, Schema } from "@orch/core";
import { SchemaError } from "../errors/schema-error.ts";
import { isObject, type JsonObject } from "../platform/json-object.ts";

/** The mark on a node whose value is more than JSON: `date` or `bigint`. It is never sent. */
export const REVIVES = "x-orch-revives";

/** What `~standard` has, besides, in libraries that offer Standard JSON Schema. */
interface JsonSchemaSource {
  readonly jsonSchema?: {
    readonly input?: (options: {
      readonly target: string;
      readonly libraryOptions?: { readonly [key: string]: unknown };
    }) => unknown;
  };
}

/** What zod hands to `override`, as far as it is read here. */
interface ZodVisit {
  readonly zodSchema: {
    readonly _zod: {
      readonly def: { readonly type: string; readonly values?: readonly unknown[] };
      readonly bag?: { readonly Class?: { readonly name?: string } };
    };
  };
  readonly jsonSchema: { [key: string]: unknown };
  readonly path: readonly (string | number)[];
}

const made = new WeakMap<Schema, JsonObject>();

/**
 * Gives the JSON Schema of what `schema` reads, with marks; made once, and kept with the schema.
 *
 * @throws SchemaError (`ORCH_SCHEMA`) when there is none.
 */
export function jsonFormOf(schema: Schema): JsonObject {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const form = makeJsonForm(schema);
  made.set(schema, form);
  return form;
}

function makeJsonForm(schema: Schema): JsonObject {
  const standard: Schema["~standard"] & JsonSchemaSource = schema["~standard"];
  const { vendor } = standard;
  if (typeof standard.jsonSchema?.input !== "function") {
    throw new SchemaError({ vendor, problem: "its library does not offer a JSON Schema" });
  }
  const impossible: string[] = [];
  const libraryOptions = {
    unrepresentable: "any",
    override: (visit: ZodVisit) => describeBeyondJson(visit, impossible),
  };
  let value: unknown;
  try {
    value = standard.jsonSchema.input({
      target: "draft-2020-12",
      ...(vendor === "zod" && { libraryOptions }),
    });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError({ vendor, problem }, { cause });
  }
  if (impossible.length > 0) throw new SchemaError({ vendor, problem: impossible.join("; ") });
  if (!isObject(value)) throw new SchemaError({ vendor, problem: "its JSON Schema is not an object" });
  const { $schema: _, ...rest } = value;
  return rest;
}

/** Describes how a type beyond JSON is written as text, or refuses a type that cannot be. */
function describeBeyondJson({ zodSchema, jsonSchema, path }: ZodVisit, impossible: string[]): void {
  const { def, bag } = zodSchema._zod;
  const refuse = (what: string): void => {
    impossible.push(`${placeOf(path)} is ${what}, which JSON does not have`);
  };
  switch (def.type) {
    case "date":
      Object.assign(jsonSchema, { type: "string", format: "date-time", [REVIVES]: "date" });
      return;
    case "bigint":
      Object.assign(jsonSchema, { type: "string", pattern: "^-?[0-9]+$", [REVIVES]: "bigint" });
      return;
    case "literal":
      describeLiteral(jsonSchema, def.values ?? [], refuse);
      return;
    case "undefined":
    case "void":
      jsonSchema["not"] = {};
      return;
    case "custom":
      // A check of one's own may accept JSON, so it is tried; an instance of a class never comes out of it.
      if (bag?.Class !== undefined) refuse(`an instance of ${bag.Class.name || "a class"}`);
      return;
    case "map":
    case "set":
    case "symbol":
    case "function":
    case "file":
    case "nan":
      refuse(NAMES[def.type]);
      return;
  }
}

const NAMES = {
  map: "a Map",
  set: "a Set",
  symbol: "a symbol",
  function: "a function",
  file: "a File",
  nan: "NaN",
} as const;

function describeLiteral(
  jsonSchema: { [key: string]: unknown },
  values: readonly unknown[],
  refuse: (what: string) => void,
): void {
  if (!values.some((value) => typeof value === "bigint")) return;
  if (!values.every((value) => typeof value === "bigint")) {
    refuse("a choice between big integers and other values");
    return;
  }
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, { type: "string", enum: values.map(String), [REVIVES]: "bigint" });
}

/** A path in a JSON Schema as people write the place in a value: `items[].name`. */
function placeOf(path: readonly (string | number)[]): string {
  let place = "";
  for (let at = 0; at < path.length; at++) {
    const step = String(path[at]);
    const next = path[at + 1];
    if ((step === "properties" || step === "$defs") && next !== undefined) {
      place += place === "" ? String(next) : `.${next}`;
      at++;
    } else if (step === "items") place += "[]";
    else if (step === "prefixItems") {
      place += `[${String(next)}]`;
      at++;
    } else if (step === "additionalProperties") place += ".*";
  }
  return place === "" ? "the root" : `"${place}"`;
}

/** The schema without marks, as it is sent. */
export function withoutMarks(node: Json): Json {
  if (Array.isArray(node)) return node.map(withoutMarks);
  if (!isObject(node)) return node;
  const kept = Object.entries(node).filter(([key]) => key !== REVIVES);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutMarks(value)]));
}
