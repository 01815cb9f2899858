/** Text without halves of characters, wherever it stands in plain data. */

/**
 * Gives the value with every half of a surrogate pair replaced by U+FFFD, in texts and keys at any depth. A value
 * without any is given as it is, the very object.
 */
export function wellFormed<TValue>(value: TValue): TValue {
  return isWellFormed(value) ? value : (healed(value) as TValue);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  for (const key in value) {
    if (!key.isWellFormed() || !isWellFormed((value as { readonly [key: string]: unknown })[key]))
      return false;
  }
  return true;
}

/** Parts that are whole stay the same objects. */
function healed(value: unknown): unknown {
  if (isWellFormed(value)) return value;
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(healed);
  const entries = Object.entries(value as object).map(([key, item]) => [key.toWellFormed(), healed(item)]);
  return Object.fromEntries(entries);
}
