/** What a value of any kind holds under a name; `undefined` for one that is no object, or holds nothing there. */
export function fieldOf(value: unknown, name: PropertyKey): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { readonly [name: PropertyKey]: unknown })[name];
}
