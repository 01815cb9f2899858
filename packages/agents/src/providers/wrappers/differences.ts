/** Where two JSON values differ, in words. */

import type { Json } from "@orch/core";
import { canonical } from "../../platform/canonical.ts";
import { cutText } from "../../platform/cut-text.ts";
import { isObject } from "../../platform/json-object.ts";

const LONGEST = 60;

/**
 * Lists the places where `now` differs from `then`, at most `most`, like `messages[1].content[0].text: recorded "a", now "b"`.
 *
 * @param whole What to call the value itself, where it differs as a whole. Default `the request`.
 */
export function differences(then: Json, now: Json, most: number, whole = "the request"): readonly string[] {
  const found: string[] = [];
  compare(then, now, "", found, most);
  return found.map((line) => (line.startsWith(":") ? `${whole}${line}` : line));
}

/** How many places differ, counted up to `most`. */
export function distance(then: Json, now: Json, most: number): number {
  return differences(then, now, most).length;
}

function compare(
  then: Json | undefined,
  now: Json | undefined,
  path: string,
  found: string[],
  most: number,
): void {
  if (found.length >= most) return;
  if (Array.isArray(then) && Array.isArray(now)) {
    const longest = Math.max(then.length, now.length);
    for (let index = 0; index < longest; index++) {
      compare(then[index] as Json, now[index] as Json, `${path}[${index}]`, found, most);
    }
    return;
  }
  if (isObject(then) && isObject(now)) {
    for (const key of new Set([...Object.keys(then), ...Object.keys(now)])) {
      compare(then[key], now[key], path === "" ? key : `${path}.${key}`, found, most);
    }
    return;
  }
  if (show(then, Number.POSITIVE_INFINITY) === show(now, Number.POSITIVE_INFINITY)) return;
  const [a, b] = around(then, now);
  found.push(`${path}: recorded ${a}, now ${b}`);
}

/** Shows two texts from shortly before their first difference. */
function around(then: Json | undefined, now: Json | undefined): readonly [string, string] {
  if (typeof then !== "string" || typeof now !== "string") return [show(then, LONGEST), show(now, LONGEST)];
  let same = 0;
  while (same < then.length && then[same] === now[same]) same++;
  const from = same > LONGEST / 2 ? same - LONGEST / 4 : 0;
  const cut = (text: string): string => `${from > 0 ? "…" : ""}${show(text.slice(from), LONGEST)}`;
  return [cut(then), cut(now)];
}

function show(value: Json | undefined, longest: number): string {
  if (value === undefined) return "nothing";
  const text = canonical(value);
  return text.length > longest ? `${cutText(text, longest)}…` : text;
}
