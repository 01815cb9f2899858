/** Reads a property of a value of any kind; `undefined` when the value is not an object or has no such property. */
export function fieldOf(value: unknown, name: PropertyKey): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { readonly [name: PropertyKey]: unknown })[name];
}
