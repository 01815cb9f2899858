/** Whether two values of JSON are the same. */
import type { Json } from "@orch/core";

/** Compares values as their canonical JSON texts would: the order of keys does not matter. It ends at the first difference. */
export function isSameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a) || isList(b))
    return isList(a) && isList(b) && a.length === b.length && a.every((item, at) => isSameJson(item, b[at]!));
  let count = 0;
  // Most differ in their first value, so that no list of keys is made before.
  for (const key in a) {
    if (!Object.hasOwn(b, key) || !isSameJson(a[key]!, b[key]!)) return false;
    count++;
  }
  return Object.keys(b).length === count;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
