/** Limits that a dialect has no keyword for are told to the model in words, at the end of the description. */
import type { Json } from "@orch/core";
import type { JsonObject } from "../platform/json-object.ts";

const SAID: { readonly [keyword: string]: (value: Json) => string } = {
  minLength: (n) => `At least ${count(n, "character")}.`,
  maxLength: (n) => `At most ${count(n, "character")}.`,
  minimum: (n) => `At least ${text(n)}.`,
  maximum: (n) => `At most ${text(n)}.`,
  exclusiveMinimum: (n) => `More than ${text(n)}.`,
  exclusiveMaximum: (n) => `Less than ${text(n)}.`,
  multipleOf: (n) => `A multiple of ${text(n)}.`,
  minItems: (n) => `At least ${count(n, "item")}.`,
  maxItems: (n) => `At most ${count(n, "item")}.`,
  uniqueItems: (on) => (on === true ? "No item twice." : ""),
  minProperties: (n) => `At least ${count(n, "key")}.`,
  maxProperties: (n) => `At most ${count(n, "key")}.`,
  pattern: (expression) => `Matches the regular expression ${text(expression)}.`,
  format: (name) => `Format: ${text(name)}.`,
  contentEncoding: (name) => `Encoded as ${text(name)}.`,
  contentMediaType: (name) => `Holds ${text(name)}.`,
  default: (value) => `Default: ${JSON.stringify(value)}.`,
  examples: (values) =>
    `For example ${Array.isArray(values) ? values.map((one: Json) => JSON.stringify(one)).join(", ") : text(values)}.`,
};

/** Keywords that can be told in words without a loss, because the user's schema checks them afterwards. */
export const SAYABLE: ReadonlySet<string> = new Set(Object.keys(SAID));

/** Adds to the description of `node` what `keywords` say; they are given beside the node, not in it. */
export function toldInWords(node: JsonObject, keywords: readonly (readonly [string, Json])[]): JsonObject {
  const said = keywords.map(([keyword, value]) => SAID[keyword]?.(value) ?? "").filter((one) => one !== "");
  if (said.length === 0) return node;
  const { description } = node;
  const before = typeof description === "string" && description !== "" ? [description] : [];
  return { ...node, description: [...before, ...said].join(" ") };
}

function text(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function count(value: Json, noun: string): string {
  return `${text(value)} ${noun}${value === 1 ? "" : "s"}`;
}
