import { withoutKeys } from "@orch/agents/wrappers";
import { type Json, parseJson } from "@orch/core";

/** A value as the plain JSON that a case keeps, without what looks like a key; `undefined` for what JSON has no text for. What cannot be written says so. */
export function plainValue(value: unknown): Json | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : withoutKeys(parseJson(text, { maxDepth: 256 }));
  } catch (error) {
    return `[not JSON: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

/** One text for equal values, whatever the order of their keys. */
export function canonicalText(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const entries = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalText(one)}`).join(",")}}`;
}
