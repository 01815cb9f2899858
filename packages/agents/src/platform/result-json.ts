/** A value that a function returned as JSON for a model, and nothing of it lost in silence. */

/**
 * Writes a value as JSON, or gives `problem`, a sentence about what cannot be written: a circle, a BigInt, a function,
 * bytes, an object that hides its data. A map becomes an object (or a list of pairs where its keys are no texts), a set
 * a list, an error its message.
 */
export function resultJson(value: unknown): { readonly text: string } | { readonly problem: string } {
  if (isSimple(value)) return { text: JSON.stringify(value) };
  let problem: string | undefined;
  try {
    const text = JSON.stringify(value, (_key, item) => {
      problem ??= problemOf(item);
      return plainOf(item);
    });
    return problem === undefined ? { text } : { problem };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: why.split("\n", 1)[0]!.replace(/[.:]?$/, ".") };
  }
}

/** An object of texts, numbers and the like, as most tools give: nothing of it can be lost. */
function isSimple(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  for (const key in value) {
    const item = (value as { readonly [key: string]: unknown })[key];
    if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean") return false;
  }
  return true;
}

/** `item` is what `toJSON` gave, where there is one. */
function problemOf(item: unknown): string | undefined {
  if (typeof item === "function" || typeof item === "symbol") return `It holds a ${typeof item}.`;
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer)
    return "It holds bytes. Give a file part for them, or text.";
  if (item instanceof Map || item instanceof Set || item instanceof Error) return undefined;
  const prototype: unknown = Object.getPrototypeOf(item);
  const plain = prototype === null || prototype === Object.prototype;
  if (plain || Object.keys(item).length > 0) return undefined;
  // A response, a stream, a generator: JSON would be an empty object, which says nothing.
  return `It holds a value of the class ${item.constructor?.name || "without a name"}, which hides its data.`;
}

function plainOf(item: unknown): unknown {
  if (item instanceof Map) {
    const pairs = [...item];
    return pairs.every(([key]) => typeof key === "string") ? Object.fromEntries(pairs) : pairs;
  }
  if (item instanceof Set) return [...item];
  return item instanceof Error ? { ...item, name: item.name, message: item.message } : item;
}
