/**
 * Codecs: how values become the JSON of a journal, and come back. The default takes plain JSON only,
 * and refuses by name what would come back as something else, on the first run and not on the resumed one.
 */
import { NotSerializableError } from "../errors/not-serializable-error.ts";
import type { Json } from "./json.ts";

/** Turns values into JSON and back; pure, and `decode(encode(value))` is as good as `value`. */
export interface Codec {
  /** `what` names the value in an error, like `the output of "plan"`. */
  readonly encode: (value: unknown, what: string) => Json | undefined;
  readonly decode: (json: Json | undefined) => unknown;
}

/** Plain JSON. Properties that are `undefined` are left out, and -0 becomes 0; anything else that JSON cannot hold is refused. */
export const strictJson: Codec = {
  encode: (value, what) => {
    if (value === undefined) return undefined;
    const foreign = findForeign(value, 0);
    if (foreign === undefined) return value as Json;
    throw new NotSerializableError({ value: what, place: placeOf(foreign.path), found: foreign.found });
  },
  decode: (json) => json,
};

/** Something that is not plain JSON, and the way to it, innermost first. */
interface Foreign {
  readonly found: string;
  readonly path: (string | number)[];
}

/** Values nested deeper than this are refused, because reading them back would not be safe. A circle is one of them. */
const DEEPEST = 500;

function findForeign(value: unknown, depth: number): Foreign | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : { found: String(value), path: [] };
    case "object":
      break;
    default:
      return { found: value === undefined ? "undefined" : `a ${typeof value}`, path: [] };
  }
  if (value === null) return undefined;
  if (depth > DEEPEST) return { found: "a circle, or nesting without end", path: [] };
  return Array.isArray(value) ? findInArray(value, depth) : findInObject(value, depth);
}

function findInArray(values: readonly unknown[], depth: number): Foreign | undefined {
  for (let index = 0; index < values.length; index++) {
    const foreign = findForeign(values[index], depth + 1);
    if (foreign === undefined) continue;
    foreign.path.push(index);
    return foreign;
  }
  return undefined;
}

function findInObject(value: object, depth: number): Foreign | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    // An object of another realm has another Object.prototype, and is plain all the same.
    if (Object.getPrototypeOf(prototype) !== null) return { found: nameOf(value), path: [] };
  }
  if ("toJSON" in value) return { found: "an object with its own toJSON", path: [] };
  for (const key of Object.keys(value)) {
    const item = (value as { readonly [key: string]: unknown })[key];
    if (item === undefined) continue;
    const foreign = findForeign(item, depth + 1);
    if (foreign === undefined) continue;
    foreign.path.push(key);
    return foreign;
  }
  return undefined;
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name;
  const isNamed = typeof name === "string" && name !== "" && name !== "Object";
  return isNamed ? `a ${name}` : "an object with a prototype of its own";
}

function placeOf(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of [...path].reverse()) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
