/**
 * A question of a run as a form that MCP clients can show. Such a form is one flat object with plain values, so a question
 * of another shape is asked for as one field.
 *
 * Source: https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation
 */
import type { JsonSchema } from "@orch/core";

/** A form for one question. */
export interface QuestionForm {
  readonly message: string;
  readonly requestedSchema: JsonSchema;
  /** The answer that a filled form stands for. */
  readonly read: (content: unknown) => unknown;
}

/** The field of a form with one field. */
const FIELD = "answer";
/** What a client may be told of a field, by its type. */
const SHARED = ["type", "title", "description", "default"];
const KEYS: { readonly [type: string]: readonly string[] } = {
  string: [...SHARED, "minLength", "maxLength", "enum", "enumNames"],
  number: [...SHARED, "minimum", "maximum"],
  integer: [...SHARED, "minimum", "maximum"],
  boolean: SHARED,
};
const FORMATS = ["email", "uri", "date", "date-time"];

/** Makes the form of a question with the schema of its answer, where it has one. */
export function questionForm(message: string, schema: JsonSchema | undefined): QuestionForm {
  const form = schema === undefined ? undefined : flatForm(schema);
  if (form !== undefined) return { message, requestedSchema: form, read: (content) => content };
  const field = schema === undefined ? { type: "string" } : (fieldOf(schema) ?? yesOrNo(schema));
  if (field !== undefined) return { message, requestedSchema: oneField(field), read: answerOf };
  const description = `JSON that fits this schema: ${JSON.stringify(schema)}`;
  const text = oneField({ type: "string", description });
  return { message, requestedSchema: text, read: (content) => parsed(answerOf(content)) };
}

/** Whether a yes or a no is an answer, perhaps one of several kinds, like that to the question whether a tool may run. */
export function takesYesOrNo({ type, anyOf }: JsonSchema): boolean {
  if (type === "boolean") return true;
  return Array.isArray(anyOf) && anyOf.some((one) => isRecord(one) && one["type"] === "boolean");
}

function yesOrNo(schema: JsonSchema): JsonSchema | undefined {
  return takesYesOrNo(schema) ? { ...only(schema, ["title", "description"]), type: "boolean" } : undefined;
}

function oneField(field: JsonSchema): JsonSchema {
  return { type: "object", properties: { [FIELD]: field }, required: [FIELD] };
}

/** A form that was filled otherwise is handed on as it is, and the run refuses it with its reasons. */
function answerOf(content: unknown): unknown {
  return isRecord(content) && FIELD in content ? content[FIELD] : content;
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    // biome-ignore lint/plugin: the schema of the question checks what a person typed
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** An object whose properties are all plain values. */
function flatForm({ type, properties, required }: JsonSchema): JsonSchema | undefined {
  if (type !== "object" || !isRecord(properties) || Object.keys(properties).length === 0) return undefined;
  const fields: { [name: string]: JsonSchema } = {};
  for (const [name, property] of Object.entries(properties)) {
    const field = isRecord(property) ? fieldOf(property) : undefined;
    if (field === undefined) return undefined;
    fields[name] = field;
  }
  return { type, properties: fields, ...(Array.isArray(required) && { required }) };
}

/** A plain value, or a choice of several; `undefined` for what a form has no field for. */
function fieldOf(schema: JsonSchema): JsonSchema | undefined {
  const choice = choiceOf(schema);
  if (choice !== undefined) return { ...only(schema, SHARED), type: "string", ...choice };
  if (schema["anyOf"] !== undefined || schema["oneOf"] !== undefined || schema["allOf"] !== undefined)
    return undefined;
  const { type, format } = schema;
  if (type === "array") return severalOf(schema);
  const keys = typeof type === "string" ? KEYS[type] : undefined;
  if (keys === undefined) return undefined;
  if (schema["enum"] !== undefined && !isTexts(schema["enum"])) return undefined;
  const known = typeof format === "string" && FORMATS.includes(format);
  return { ...only(schema, keys), ...(type === "string" && known && { format }) };
}

/** One of several texts, with titles where the schema has them. */
function choiceOf({ const: constant, oneOf, anyOf }: JsonSchema): JsonSchema | undefined {
  if (typeof constant === "string") return { enum: [constant] };
  const titled = titledOf(oneOf ?? anyOf);
  return titled && { oneOf: titled };
}

function severalOf(schema: JsonSchema): JsonSchema | undefined {
  const { items } = schema;
  if (!isRecord(items)) return undefined;
  const titled = titledOf(items["anyOf"] ?? items["oneOf"]);
  const kept = only(schema, [...SHARED, "minItems", "maxItems"]);
  if (titled !== undefined) return { ...kept, items: { anyOf: titled } };
  return isTexts(items["enum"]) ? { ...kept, items: { type: "string", enum: items["enum"] } } : undefined;
}

function titledOf(options: unknown): readonly JsonSchema[] | undefined {
  if (!Array.isArray(options) || options.length === 0) return undefined;
  const titled = options.map((option) => {
    const value = isRecord(option) ? option["const"] : undefined;
    if (typeof value !== "string") return undefined;
    const title = (option as JsonSchema)["title"];
    return { const: value, title: typeof title === "string" ? title : value };
  });
  return titled.every((option) => option !== undefined) ? titled : undefined;
}

function only(schema: JsonSchema, keys: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === "string");
}

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
