/**
 * Copies of plain data, so that two holders of a value do not see what each other does to it.
 *
 * Two places of a tree that share an object get one each, as they would from a journal.
 */

/** How far a copy is. */
interface Copying {
  /** How many objects it may still make; below zero it has been given up. */
  left: number;
}

/** A tree of more objects, or one that is deeper, may have a circle in it. */
const MOST = 1_000_000;
const DEEPEST = 500;

type Properties = Record<string, unknown>;

/**
 * Copies arrays, plain objects, maps, sets and dates, and what is in them. Everything else is given as it is: texts and
 * numbers cannot be changed, and class instances, functions and objects with accessors are not data.
 */
export function copyOf<TValue>(value: TValue): TValue {
  if (typeof value !== "object" || value === null) return value;
  const copying: Copying = { left: MOST };
  const copy = copyTree(value, 0, copying);
  return (copying.left < 0 ? copyGraph(value) : copy) as TValue;
}

function copyTree(value: object, depth: number, copying: Copying): object {
  copying.left -= 1;
  if (depth > DEEPEST) copying.left = -1;
  if (copying.left < 0) return value;
  const copy = shallow(value);
  if (copy === undefined) return copyCollection(value, depth, copying);
  if (Array.isArray(copy)) {
    for (let index = 0; index < copy.length; index++) {
      const item: unknown = copy[index];
      if (typeof item === "object" && item !== null) copy[index] = copyTree(item, depth + 1, copying);
    }
    return copy;
  }
  for (const key of Object.keys(copy)) {
    const item = copy[key];
    if (typeof item === "object" && item !== null) copy[key] = copyTree(item, depth + 1, copying);
  }
  return copy;
}

function copyCollection(value: object, depth: number, copying: Copying): object {
  const copy = (item: unknown): unknown =>
    typeof item === "object" && item !== null ? copyTree(item, depth + 1, copying) : item;
  switch (Object.getPrototypeOf(value)) {
    case Map.prototype:
      return new Map([...(value as Map<unknown, unknown>)].map(([key, item]) => [copy(key), copy(item)]));
    case Set.prototype:
      return new Set([...(value as Set<unknown>)].map(copy));
    case Date.prototype:
      return new Date(Number(value));
    default:
      return value;
  }
}

/** Copies arrays and objects with a circle in them. An object that stands in two places is copied once. */
function copyGraph(root: object): object {
  const copies = new Map<object, unknown[] | Properties>();
  const copyOnce = (value: object): object => {
    const known = copies.get(value);
    if (known !== undefined) return known;
    const copy = shallow(value);
    if (copy !== undefined) copies.set(value, copy);
    return copy ?? value;
  };
  const first = copyOnce(root);
  // The map grows while it is walked.
  for (const copy of copies.values() as Iterable<Properties>) {
    for (const key of Object.keys(copy)) {
      const item = copy[key];
      if (typeof item === "object" && item !== null) copy[key] = copyOnce(item);
    }
  }
  return first;
}

/** Copies a whole array without properties of its own, or an object without a class and accessors. Gives nothing for others. */
function shallow(value: object): unknown[] | Properties | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    return prototype === Array.prototype && Object.keys(value).length === value.length
      ? value.slice()
      : undefined;
  }
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  for (const key of Object.keys(value)) {
    const { get, set } = Object.getOwnPropertyDescriptor(value, key)!;
    if (get !== undefined || set !== undefined) return undefined;
  }
  return prototype === null ? Object.assign(Object.create(null), value) : { ...value };
}
