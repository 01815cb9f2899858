/**
 * The strict check of values, and the form in which they are kept. Each property is read once, into a copy: the copy is
 * written, and the copy is handed on. So the first life of a run sees what a later one reads, and nobody else can change it.
 */
import type { Json } from "./json.ts";

/** Something that is not plain JSON, and the way to it, innermost first. */
export interface PlainProblem {
  found: string;
  readonly path: (string | number)[];
  readonly begin?: KnownPart | undefined;
}

/** Gives the copy of the first items of a list, where it begins as one that was checked before. */
export type KnownPart = (list: readonly unknown[]) => Json[] | undefined;

/** Values nested deeper than this are refused, because reading them back would not be safe. A circle is one of them. */
const DEEPEST = 500;
/** In characters. A text that is longer may not fit into a record or a column of a database. */
const LONGEST = 2 ** 28;

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, keys } = Object;

/**
 * Copies a value into plain JSON. The copy has no properties that are `undefined`, 0 for -0, and the prototype of an object
 * literal. What else would come back as something else is described in `problem`, and the copy is not to be used then.
 */
export function plainCopy(value: unknown, problem: PlainProblem): Json {
  return copyAny(value, 0, problem);
}

/** Whether a value is kept as it is, which most values that are no objects are. */
export function isPlainAlready(value: unknown): value is string | number | boolean | undefined {
  switch (typeof value) {
    case "undefined":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && value !== 0;
    case "string":
      return value.length <= LONGEST;
    default:
      return false;
  }
}

function copyAny(value: unknown, depth: number, problem: PlainProblem): Json {
  switch (typeof value) {
    case "string":
      return value.length <= LONGEST ? value : refuse(problem, `a text of ${value.length} characters`);
    case "boolean":
      return value;
    case "number":
      if (value === 0) return 0;
      return Number.isFinite(value) ? value : refuse(problem, String(value));
    case "object":
      if (value === null) return null;
      if (depth > DEEPEST) return refuse(problem, "a circle, or nesting without end");
      return Array.isArray(value) ? copyArray(value, depth, problem) : copyObject(value, depth, problem);
    case "undefined":
      return refuse(problem, "undefined");
    default:
      return refuse(problem, `a ${typeof value}`);
  }
}

function copyArray(values: readonly unknown[], depth: number, problem: PlainProblem): Json {
  const known = problem.begin?.(values);
  if (known !== undefined) return goOnCopying(values, known, depth, problem);
  const found = findOddArray(values);
  if (found !== undefined) return refuse(problem, found);
  // A list of another realm makes lists of that realm.
  const copy = (getPrototypeOf(values) === Array.prototype ? values.slice() : Array.from(values)) as Json[];
  for (let index = 0; index < copy.length; index++) {
    const item: unknown = copy[index];
    if (typeof item === "string" && item.length <= LONGEST) continue;
    copy[index] = copyAny(item, depth + 1, problem);
    if (problem.found !== "") return inside(problem, index);
  }
  return copy;
}

/** Adds what comes after the beginning that is known. */
function goOnCopying(values: readonly unknown[], copy: Json[], depth: number, problem: PlainProblem): Json {
  for (let index = copy.length; index < values.length; index++) {
    copy.push(copyAny(values[index], depth + 1, problem));
    if (problem.found !== "") return inside(problem, index);
  }
  return copy;
}

function copyObject(value: object, depth: number, problem: PlainProblem): Json {
  const names = keys(value);
  const found = findOddObject(value, names);
  if (found !== undefined) return refuse(problem, found);
  for (const key of names) {
    const odd = findOddProperty(value, key);
    if (odd === undefined) continue;
    refuse(problem, odd);
    return inside(problem, key);
  }
  const copy = { ...value } as { [key: string]: Json };
  let isTidy = true;
  for (const key of names) {
    const item: unknown = copy[key];
    if (typeof item === "string" && item.length <= LONGEST) continue;
    if (item === undefined) {
      isTidy = false;
      continue;
    }
    copy[key] = copyAny(item, depth + 1, problem);
    if (problem.found !== "") return inside(problem, key);
  }
  return isTidy ? copy : Object.fromEntries(Object.entries(copy).filter(([, item]) => item !== undefined));
}

function findOddArray(values: readonly unknown[]): string | undefined {
  const prototype: unknown = getPrototypeOf(values);
  // The prototype of another realm's arrays is an array too; that of a class is not.
  if (prototype !== Array.prototype && !Array.isArray(prototype)) return nameOf(values);
  const names = keys(values);
  if (names.length < values.length) return "a list with gaps";
  if (names.length > values.length) return `a list with the property "${names[values.length]}"`;
  return getOwnPropertySymbols(values).length > 0 ? "a list with a symbol as a key" : undefined;
}

function findOddObject(value: object, names: readonly string[]): string | undefined {
  const prototype: unknown = getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isForeignObject(prototype)) {
    return nameOf(value);
  }
  if ("toJSON" in value) return "an object with its own toJSON";
  if (getOwnPropertyNames(value).length !== names.length) {
    const hidden = getOwnPropertyNames(value).find((name) => !names.includes(name));
    return `an object with the hidden property "${hidden}"`;
  }
  return getOwnPropertySymbols(value).length > 0 ? "an object with a symbol as a key" : undefined;
}

/** Whether a prototype is the `Object.prototype` of another realm. */
function isForeignObject(prototype: unknown): boolean {
  return getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

function findOddProperty(value: object, key: string): string | undefined {
  const { get, set } = getOwnPropertyDescriptor(value, key)!;
  if (get !== undefined || set !== undefined) return "an accessor";
  return key === "__proto__" ? 'a property named "__proto__"' : undefined;
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name;
  const isNamed = typeof name === "string" && name !== "" && name !== "Object" && name !== "Array";
  return isNamed ? `a ${name}` : "an object with a prototype of its own";
}

function refuse(problem: PlainProblem, found: string): null {
  problem.found = found;
  return null;
}

function inside(problem: PlainProblem, step: string | number): null {
  problem.path.push(step);
  return null;
}
