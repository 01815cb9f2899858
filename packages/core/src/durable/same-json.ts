import type { Json } from "./json.ts";

/** Whether a value is the same plain data as some JSON. */
export function isSameJson(value: unknown, json: Json): boolean {
  if (value === json) return true;
  if (typeof value !== "object" || typeof json !== "object" || value === null || json === null) return false;
  if (Array.isArray(json)) {
    if (!Array.isArray(value) || value.length !== json.length) return false;
    for (let index = 0; index < json.length; index++) {
      if (!isSameJson(value[index], json[index]!)) return false;
    }
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  // Walking an object's own keys this way reads its fields by their places, several times as fast as by their names.
  let more = 0;
  for (const key in value) {
    more += 1;
    const item = (value as { readonly [key: string]: unknown })[key];
    const kept = (json as { readonly [key: string]: Json })[key];
    if (item !== kept && (kept === undefined || !isSameJson(item, kept))) return false;
  }
  for (const _key in json) more -= 1;
  return more === 0;
}

/** A copy of JSON, which shares its texts. */
export function cloneOf(json: Json): Json {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(cloneOf);
  const copy = { ...json } as { [key: string]: Json };
  for (const key in copy) {
    const item = copy[key];
    if (typeof item === "object" && item !== null) copy[key] = cloneOf(item);
  }
  return copy;
}
