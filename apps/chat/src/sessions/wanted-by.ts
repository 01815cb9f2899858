/** What answers a question, in words: what its JSON Schema says, for who types the answer. */
/** The form of an answer, in words. */
export function wantedBy(schema: unknown, depth = 0): string {
  if (!isObject(schema)) return "something else";
  const { type, enum: choices, anyOf, oneOf, required, properties } = schema;
  const some = listOf(anyOf) ?? listOf(oneOf);
  if (some !== undefined) return some.map((one) => wantedBy(one, depth)).join(", or ");
  if (Array.isArray(choices)) return `one of ${choices.map((one) => JSON.stringify(one)).join(", ")}`;
  if (Object.hasOwn(schema, "const")) return JSON.stringify(schema["const"]);
  if (Array.isArray(type)) return type.map((one) => wantedBy({ ...schema, type: one }, depth)).join(", or ");
  if (type === "boolean") return depth > 0 ? "true or false" : "yes or no";
  const fields = isObject(properties) ? Object.entries(properties) : [];
  const must = Array.isArray(required) ? required.map(String) : [];
  if (type === "object")
    return `a JSON object${fields.length === 0 ? "" : ` with ${fieldsOf(fields, must)}`}`;
  if (type === "null") return "null";
  return typeof type === "string" ? `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}` : "something else";
}

function fieldsOf(fields: readonly (readonly [string, unknown])[], must: readonly string[]): string {
  const named = fields.map(([name, schema]) => {
    const optional = must.includes(name) ? "" : ", which may be left out";
    return `${name} (${wantedBy(schema, 1)}${optional})`;
  });
  return named.join(" and ");
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
