/** Objects whose keys come from outside: a key such as `__proto__` must become a key and nothing else. */
import type { Json } from "@orch/core";
import type { JsonObject } from "../platform/json-object.ts";

/** The value under a key of the object itself; nothing it inherits. */
export function own(node: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}

/** The same object with each value replaced; keys stay as they are. */
export function mapValues(node: JsonObject, replace: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, replace(value, key)]));
}
