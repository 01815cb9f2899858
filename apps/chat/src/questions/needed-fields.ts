/** The fields that an answer needs only where another field has a certain value, as `if` and `then` of JSON Schema say it. */
import type { JsonSchema } from "@orch/core";

/** Fields and the value for which they are needed. */
export interface NeededFields {
  /** Like `accept`. */
  readonly value: string;
  /** Their paths, joined by dots. */
  readonly labels: ReadonlySet<string>;
}

/** What a schema needs for one value of one field; `undefined` where it says nothing of the kind. */
export function neededFieldsOf(schema: JsonSchema): NeededFields | undefined {
  const tested = Object.values(objectOf(objectOf(schema["if"])["properties"]));
  const value = tested.length === 1 ? objectOf(tested[0])["const"] : undefined;
  if (typeof value !== "string") return undefined;
  const labels = new Set<string>();
  collect(objectOf(schema["then"]), "", labels);
  return labels.size === 0 ? undefined : { value, labels };
}

function collect(schema: JsonSchema, above: string, labels: Set<string>): void {
  const { required } = schema;
  for (const name of Array.isArray(required) ? required : []) labels.add(`${above}${String(name)}`);
  for (const [name, inner] of Object.entries(objectOf(schema["properties"])))
    collect(objectOf(inner), `${above}${name}.`, labels);
}

function objectOf(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}
