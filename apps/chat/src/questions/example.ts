/** A value that shows what a JSON schema asks for, to begin with in an editor. */
import type { JsonSchema } from "@orch/core";

const MAX_DEPTH = 4;

/** Makes an example of a schema; `resolve` follows its references. */
export function exampleOf(
  schema: JsonSchema,
  resolve: (schema: JsonSchema) => JsonSchema,
  depth: number = 0,
): unknown {
  // A schema may refer to itself.
  if (depth > MAX_DEPTH) return null;
  const own = resolve(schema);
  for (const key of ["default", "const"]) if (Object.hasOwn(own, key)) return own[key];
  for (const key of ["examples", "enum"]) {
    const values = own[key];
    if (Array.isArray(values) && values.length > 0) return values[0] as unknown;
  }
  const branches = own["anyOf"] ?? own["oneOf"];
  // The last branch is the richest: `null` and `false` come first as a rule.
  if (Array.isArray(branches)) return exampleOf((branches.at(-1) ?? {}) as JsonSchema, resolve, depth + 1);
  switch (own["type"]) {
    case "string":
      return "text";
    case "number":
    case "integer":
      return typeof own["minimum"] === "number" ? own["minimum"] : 1;
    case "boolean":
      return true;
    case "array":
      return depth >= MAX_DEPTH ? [] : [exampleOf((own["items"] ?? {}) as JsonSchema, resolve, depth + 1)];
    case "object":
      return depth >= MAX_DEPTH ? {} : objectLike(own, resolve, depth);
    default:
      return null;
  }
}

function objectLike(
  schema: JsonSchema,
  resolve: (schema: JsonSchema) => JsonSchema,
  depth: number,
): Record<string, unknown> {
  const properties = Object.entries((schema["properties"] ?? {}) as JsonSchema);
  return Object.fromEntries(
    properties.map(([key, value]) => [key, exampleOf(value as JsonSchema, resolve, depth + 1)]),
  );
}
