/** The canonical JSON text of a value: equal values have the same text, whatever the order of their keys. */
import type { Json } from "@orch/core";

/** Writes JSON with the keys of every object sorted, so that equal values give equal texts. */
export function canonical(value: Json): string {
  // A value whose keys are sorted, like most tool arguments, is written in one piece.
  return isOrdered(value) ? JSON.stringify(value) : sorted(value);
}

function isOrdered(value: Json): boolean {
  if (value === null || typeof value !== "object") return true;
  if (isList(value)) return value.every(isOrdered);
  let before = "";
  for (const key of Object.keys(value)) {
    if (key < before || !isOrdered(value[key]!)) return false;
    before = key;
  }
  return true;
}

function sorted(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(sorted).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sorted(value[key]!)}`).join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
