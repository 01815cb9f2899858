/** Any value as JSON, for what is written down and for what is compared. */
import type { Json } from "@orch/core";

/** A value as plain JSON, its texts passed through `rewrite` with the key they stand under; what JSON cannot carry is left out. */
export function plainJson(
  value: unknown,
  rewrite: (text: string, key: string) => string = (text) => text,
  key = "",
): Json | undefined {
  if (typeof value === "string") return rewrite(value, key);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return undefined;
  if (Array.isArray(value)) return value.map((item) => plainJson(item, rewrite, key) ?? null);
  const plain: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) {
    const json = plainJson(item, rewrite, name);
    if (json !== undefined && name !== "__proto__") plain[name] = json;
  }
  return plain;
}
