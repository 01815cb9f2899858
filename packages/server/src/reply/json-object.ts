import type { Json } from "@orch/core";

/** An object of JSON values. */
export type JsonObject = { readonly [key: string]: Json };

/** Tells whether a value is an object, and neither a list nor `null`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
