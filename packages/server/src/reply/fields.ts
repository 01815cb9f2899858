/** Fields of values that came from outside. */

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { readonly [name: string]: unknown }) : {};
}

/** A field that is a text. */
export function textIn(value: unknown, name: string): string | undefined {
  const text = fieldsOf(value)[name];
  return typeof text === "string" ? text : undefined;
}

/** A field that is a list; empty for anything else. */
export function listIn(value: unknown, name: string): readonly unknown[] {
  const list = fieldsOf(value)[name];
  return Array.isArray(list) ? list : [];
}
