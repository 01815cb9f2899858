/**
 * Parts: what is large in the values of a run stands in its journal once, and later records say where. A record with
 * parts has the detail `p`, a list of {@link PartHole}; in the place of each its own JSON has `null`, or, of a list that
 * begins as one did before, what came after that beginning.
 */
import type { Json } from "./json.ts";

/**
 * A way into a record: `v` for its value, or `d` and a number for a decision, then keys and numbers. It leads through the
 * JSON as it stands in the record, where lists are without the beginning that stands elsewhere.
 */
export type PartWay = readonly (string | number)[];

/** Where a part is to be put, and the number of the record that has it, with the way to it. With a count: that many first items of a list. */
export type PartHole = readonly [way: PartWay, record: number, from: PartWay, count?: number];

/** Texts that are longer are parts, in UTF-16 code units. */
export const LONG_TEXT = 4_096;
/** Lists of so many items are looked for among those before. */
export const LONG_LIST = 32;

/** Whether something in a value may be a part. */
export function isLarge(json: unknown): boolean {
  if (typeof json === "string") return json.length > LONG_TEXT;
  if (typeof json !== "object" || json === null) return false;
  if (Array.isArray(json)) {
    if (json.length >= LONG_LIST) return true;
    for (const item of json) if (isLarge(item)) return true;
    return false;
  }
  for (const key in json) if (isLarge((json as { readonly [key: string]: Json })[key])) return true;
  return false;
}

/** What stands at the end of a way; `undefined` where the way leads nowhere. */
export function at(json: Json | undefined, way: PartWay): Json | undefined {
  let found = json as unknown;
  for (const step of way) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as { readonly [step: string]: unknown })[step];
  }
  return found as Json | undefined;
}

/** Puts a part at the end of a way. Gives a copy of what is around it; the rest is shared. */
export function put(json: Json, [step, ...rest]: PartWay, part: Json): Json {
  if (step === undefined) return part;
  const copy = (Array.isArray(json) ? json.slice() : { ...(json as object) }) as { [step: string]: Json };
  copy[step] = put(copy[step]!, rest, part);
  return copy as Json;
}
