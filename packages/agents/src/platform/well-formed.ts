/** Text without halves of characters, wherever it stands in plain data. */

/**
 * Gives the value with every half of a surrogate pair replaced by U+FFFD, in texts and keys at any depth. A value
 * without any is given as it is, the very object.
 */
export function wellFormed<TValue>(value: TValue): TValue {
  return isWellFormed(value) ? value : (healed(value) as TValue);
}

/** Whether a value holds no half of a surrogate pair, in texts and keys at any depth. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) if (!isWellFormed(value[at])) return false;
    return true;
  }
  for (const key in value) {
    const item = (value as { readonly [key: string]: unknown })[key];
    // Texts first, which most are.
    if (typeof item === "string" ? !item.isWellFormed() : !isWellFormed(item)) return false;
    if (!key.isWellFormed()) return false;
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
