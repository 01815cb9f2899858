/**
 * The guard between foreign JSON and our objects: bounded in size and depth, and free of keys
 * that reach an object's prototype. Everything that did not come from this process is read here.
 */
import { JsonError } from "../errors/json-error.ts";

/** A value that survives JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

declare const parsed: unique symbol;

/** JSON from outside that went through {@link parseJson}; nothing else makes it. */
export type ParsedJson = null | (Exclude<Json, null> & { readonly [parsed]: true });

/** What `parseJson` accepts. */
export interface ParseJsonLimits {
  /** Longest text, in UTF-16 code units. Default 64 Mi. */
  readonly maxLength?: number;
  /** Deepest nesting of arrays and objects. Default 64. */
  readonly maxDepth?: number;
}

/**
 * Reads JSON from outside: a model, a file, a database, a user.
 *
 * Keys named `__proto__` are refused, since copying them elsewhere would change an object's prototype.
 *
 * @throws JsonError (`ORCH_JSON`) when the text is too long, too deep or not JSON; `facts.reason` says which.
 */
export function parseJson(text: string, limits: ParseJsonLimits = {}): ParsedJson {
  const { maxLength = 64 * 1024 * 1024, maxDepth = 64 } = limits;
  if (text.length > maxLength) throw new JsonError({ reason: "too-long", length: text.length, maxLength });
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new JsonError(
      { reason: "syntax", detail: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
  check(value, maxDepth);
  return value as ParsedJson;
}

/** Reads JSON text that this package wrote and a store kept whole. Throws a `SyntaxError` when it was not. */
export function readJson(text: string): Json {
  return JSON.parse(text) as Json;
}

function check(value: Json, depthLeft: number): void {
  if (value === null || typeof value !== "object") return;
  if (depthLeft === 0) throw new JsonError({ reason: "too-deep" });
  if (Array.isArray(value)) {
    for (const item of value) check(item, depthLeft - 1);
    return;
  }
  // Without a list of its keys: what was parsed has no others.
  for (const key in value) {
    if (key === "__proto__") throw new JsonError({ reason: "forbidden-key", detail: key });
    const item = (value as { readonly [key: string]: Json })[key]!;
    if (typeof item === "object") check(item, depthLeft - 1);
  }
}
