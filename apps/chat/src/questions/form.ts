/** The form of a question: the fields of its schema, each with a name, a description and what may be put in. */
import type { JsonSchema } from "@orch/core";
import { exampleOf } from "./example.ts";
import { neededFieldsOf } from "./needed-fields.ts";

/** One of a few values. */
export interface Option {
  readonly label: string;
  readonly value: unknown;
}

/** What may be put in a field. */
export type FieldKind =
  | { readonly type: "choice"; readonly options: readonly Option[] }
  | { readonly type: "text"; readonly least: number; readonly most: number }
  | { readonly type: "number"; readonly whole: boolean; readonly least: number; readonly most: number }
  /** Texts or numbers, each on a line of its own, or with commas between. */
  | { readonly type: "list"; readonly of: "text" | "number"; readonly least: number; readonly most: number }
  /** Everything else, as JSON. `example` shows what it looks like. */
  | { readonly type: "json"; readonly example: unknown; readonly takes: readonly string[] }
  /** A question that does not say what it takes. */
  | { readonly type: "open" };

/** One field of a form. */
export interface Field {
  /** Where its value stands in the answer; empty where it is the whole answer. */
  readonly path: readonly string[];
  /** As it is shown. */
  readonly label: string;
  readonly about?: string;
  readonly optional: boolean;
  /** The value of another field for which this one is needed, although it is optional. */
  readonly neededFor?: string;
  /** What stands for a field that was skipped; absent where nothing does. */
  readonly skipped?: null;
  readonly kind: FieldKind;
}

/** The fields of an answer, in order, and the objects that they stand in. */
export interface Form {
  readonly fields: readonly Field[];
  readonly objects: readonly (readonly string[])[];
}

const MAX_DEPTH = 3;
const MAX_FIELDS = 24;
const MAX_OPTIONS = 200;
/** What the whole answer is called where it has no name. */
const WHOLE = "answer";

/** Makes the form of a question from the JSON schema of its answer. */
export function formOf(schema: JsonSchema | undefined): Form {
  if (schema === undefined) return whole({ type: "open" }, undefined);
  const reader = new SchemaReader(schema);
  const root = reader.resolve(schema);
  if (propertiesOf(root) === undefined) {
    const { kind } = reader.kindOf(root);
    return whole(kind, textOf(root["description"]));
  }
  const form = reader.fieldsIn(root, [], 1);
  if (form === undefined || form.fields.length === 0 || form.fields.length > MAX_FIELDS)
    return whole(reader.json(root), textOf(root["description"]));
  const needed = neededFieldsOf(root);
  if (needed === undefined) return form;
  const fields = form.fields.map((field) =>
    field.optional && needed.labels.has(field.label) ? { ...field, neededFor: needed.value } : field,
  );
  return { ...form, fields };
}

/** Whether the whole answer is one field. */
export function isWhole({ fields }: Form): boolean {
  return fields.length === 1 && fields[0]!.path.length === 0;
}

/** Puts the values of the fields together; a field without one was skipped. */
export function answerOf(form: Form, values: readonly ({ readonly value: unknown } | undefined)[]): unknown {
  if (isWhole(form)) return values[0]?.value;
  const answer: Record<string, unknown> = {};
  for (const path of form.objects) place(answer, path, {});
  for (const [at, { path, skipped }] of form.fields.entries()) {
    const given = values[at];
    if (given !== undefined) place(answer, path, given.value);
    else if (skipped !== undefined) place(answer, path, skipped);
  }
  return answer;
}

/** Sets a value as a property of its own, whatever its name is. */
function place(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let target = into;
  for (const [at, key] of path.entries()) {
    const isLast = at === path.length - 1;
    if (!isLast && Object.hasOwn(target, key)) {
      target = target[key] as Record<string, unknown>;
      continue;
    }
    const put = isLast ? value : {};
    Object.defineProperty(target, key, { value: put, enumerable: true, writable: true, configurable: true });
    if (!isLast) target = put as Record<string, unknown>;
  }
}

function whole(kind: FieldKind, about: string | undefined): Form {
  const field = { path: [], label: WHOLE, optional: false, kind };
  return { fields: [{ ...field, ...(about !== undefined && { about }) }], objects: [] };
}

interface ReadKind {
  readonly kind: FieldKind;
  readonly nullable: boolean;
}

/** Reads one schema with the definitions in it. */
class SchemaReader {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** Follows references within the schema. */
  resolve(schema: JsonSchema): JsonSchema {
    let found = schema;
    for (let steps = 0; steps < MAX_DEPTH && typeof found["$ref"] === "string"; steps++) {
      const name = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(found["$ref"]);
      const definitions = name === null ? undefined : objectOf(this.#root[name[1]!]);
      const target = objectOf(definitions?.[name?.[2] ?? ""]);
      if (target === undefined) return found;
      const { $ref: _, ...beside } = found;
      found = { ...target, ...beside };
    }
    return found;
  }

  /** The fields of an object; `undefined` where an object cannot be taken apart. */
  fieldsIn(schema: JsonSchema, path: readonly string[], depth: number): Form | undefined {
    const properties = propertiesOf(schema);
    if (properties === undefined || depth > MAX_DEPTH) return undefined;
    const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
    const fields: Field[] = [];
    const objects: (readonly string[])[] = [];
    for (const [key, value] of Object.entries(properties)) {
      const property = this.resolve(objectOf(value) ?? {});
      const at = [...path, key];
      const optional = !required.has(key) || Object.hasOwn(property, "default");
      const inside = optional ? undefined : this.fieldsIn(property, at, depth + 1);
      if (inside !== undefined) {
        fields.push(...inside.fields);
        objects.push(at, ...inside.objects);
      } else fields.push(this.#field(at, property, optional, required.has(key)));
    }
    return { fields, objects };
  }

  #field(path: readonly string[], schema: JsonSchema, optional: boolean, required: boolean): Field {
    const { kind, nullable } = this.kindOf(schema);
    const about = aboutOf(schema);
    return {
      path,
      label: path.join("."),
      optional: optional || nullable,
      kind,
      ...(about !== undefined && { about }),
      ...(nullable && required && { skipped: null }),
    };
  }

  kindOf(schema: JsonSchema): ReadKind {
    const branches = (branchesOf(schema) ?? [schema]).map((branch) => this.resolve(branch));
    const some = branches.filter((branch) => branch["type"] !== "null" && branch["const"] !== null);
    const nullable = some.length < branches.length;
    const options = some.map(optionsOf);
    if (some.length > 0 && options.every((list) => list !== undefined)) {
      const all = options.flat().filter(({ value }) => value !== null);
      if (all.length > 0 && all.length <= MAX_OPTIONS)
        return { kind: { type: "choice", options: all }, nullable };
    }
    const [only] = some;
    if (some.length === 1 && only !== undefined) return { kind: this.#plain(only), nullable };
    return { kind: this.json(schema), nullable };
  }

  json(schema: JsonSchema): FieldKind {
    const branches = (branchesOf(schema) ?? [schema]).map((branch) => this.resolve(branch));
    const takes = branches.flatMap(({ type }) => (typeof type === "string" ? [type] : []));
    return { type: "json", example: exampleOf(schema, (inner) => this.resolve(inner)), takes };
  }

  #plain(schema: JsonSchema): FieldKind {
    switch (schema["type"]) {
      case "string":
        return { type: "text", least: countOf(schema["minLength"], 0), most: countOf(schema["maxLength"]) };
      case "number":
      case "integer":
        return {
          type: "number",
          whole: schema["type"] === "integer",
          least: numberOf(schema["minimum"], Number.NEGATIVE_INFINITY),
          most: numberOf(schema["maximum"], Number.POSITIVE_INFINITY),
        };
      case "array":
        return this.#list(schema) ?? this.json(schema);
      default:
        return Object.keys(schema).every((key) => NOTES.has(key)) ? { type: "open" } : this.json(schema);
    }
  }

  #list(schema: JsonSchema): FieldKind | undefined {
    const items = this.resolve(objectOf(schema["items"]) ?? {});
    const { type } = items;
    if (type !== "string" && type !== "number" && type !== "integer") return undefined;
    if (items["enum"] !== undefined) return undefined;
    const of = type === "string" ? "text" : "number";
    return { type: "list", of, least: countOf(schema["minItems"], 0), most: countOf(schema["maxItems"]) };
  }
}

/** What a schema may say without saying what fits. */
const NOTES: ReadonlySet<string> = new Set(["$schema", "title", "description", "$id"]);

function branchesOf(schema: JsonSchema): readonly JsonSchema[] | undefined {
  const branches = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(branches)) return branches.map((branch) => objectOf(branch) ?? {});
  const { type } = schema;
  return Array.isArray(type) ? type.map((one: unknown) => ({ ...schema, type: one })) : undefined;
}

function optionsOf(schema: JsonSchema): readonly Option[] | undefined {
  if (Object.hasOwn(schema, "const")) return [optionOf(schema["const"], textOf(schema["title"]))];
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => optionOf(value));
  return schema["type"] === "boolean" ? YES_OR_NO : undefined;
}

/** The two values of a boolean. */
const YES_OR_NO: readonly Option[] = [
  { label: "yes", value: true },
  { label: "no", value: false },
];

function optionOf(value: unknown, title?: string): Option {
  if (title !== undefined) return { label: title, value };
  if (typeof value === "boolean") return YES_OR_NO[value ? 0 : 1]!;
  return { label: typeof value === "string" ? value : JSON.stringify(value), value };
}

function aboutOf(schema: JsonSchema): string | undefined {
  const about = textOf(schema["description"]) ?? textOf(schema["title"]);
  if (!Object.hasOwn(schema, "default")) return about;
  const skipped = `${JSON.stringify(schema["default"])} when skipped`;
  return about === undefined ? skipped : `${about}; ${skipped}`;
}

function propertiesOf(schema: JsonSchema): JsonSchema | undefined {
  return schema["type"] === "object" && branchesOf(schema) === undefined
    ? objectOf(schema["properties"])
    : undefined;
}

function objectOf(value: unknown): JsonSchema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonSchema)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function countOf(value: unknown, otherwise: number = Number.POSITIVE_INFINITY): number {
  return numberOf(value, otherwise);
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
