/** How deep facts are kept. */
const DEEPEST = 20;

/** Facts as plain data: without what JSON cannot hold, and without the input of a runnable, which may hold what a log must not. */
export function plainFacts(facts: object): { readonly [key: string]: unknown } {
  const { input: _input, ...rest } = facts as { readonly input?: unknown };
  return plainObject(rest, 0);
}

function plain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (depth > DEEPEST) return undefined;
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const json: unknown = value.toJSON();
    return json === value ? undefined : plain(json, depth + 1);
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1) ?? null);
  return plainObject(value, depth);
}

function plainObject(value: object, depth: number): { readonly [key: string]: unknown } {
  const fields: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const kept = key === "__proto__" ? undefined : plain(item, depth + 1);
    if (kept !== undefined) fields.push([key, kept]);
  }
  return Object.fromEntries(fields);
}
