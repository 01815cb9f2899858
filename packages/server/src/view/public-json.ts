/** Values as they may leave the process. */
import type { Json } from "@orch/core";

/** How deep a value is shown; what is deeper is left out. */
const DEEPEST = 64;

/** A value as plain JSON, without fields named `opaque`, which hold a provider's own data; `undefined` for what JSON cannot carry. */
export function publicJson(value: unknown, depth = 0): Json | undefined {
  if (typeof value === "string" || value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || depth >= DEEPEST) return undefined;
  if (Array.isArray(value)) return value.map((item) => publicJson(item, depth + 1) ?? null);
  const plain: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === "opaque" || name === "__proto__") continue;
    const json = publicJson(item, depth + 1);
    if (json !== undefined) plain[name] = json;
  }
  return plain;
}
