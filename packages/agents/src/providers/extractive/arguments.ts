/** Takes the arguments of a tool out of a request. What is not there is never guessed. */
import type { Json } from "@orch/core";
import { rawWords } from "../../tools/files/words.ts";
import type { JsonSchema } from "../../words/model.ts";
import { childSchema, isNullable, plainSchema } from "./json-schema.ts";

type Arguments = { readonly [key: string]: Json };

const WHOLE_REQUEST = /^(?:query|topic|text|question|search|prompt|message|input|request|task)$/i;
const PATH_NAME = /(?:path|file|filename|folder|directory)$/i;
const PATH =
  /(?:^|[\s"'`(])((?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[A-Za-z]\w{0,9}|(?:[\w@.-]+\/)+[\w@.-]*)(?=$|[\s"'`),;:?!.])/;
const URL_TEXT = /https?:\/\/[^\s"'<>)]+/;
const MAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/;
const DATE = /\b\d{4}-\d{2}-\d{2}\b/;
const QUOTED = /"([^"\n]{1,500})"|“([^”\n]{1,500})”|`([^`\n]{1,500})`/g;
const CAPITALISED =
  /\b(?:in|for|of|to|from|at|named|called)\s+(\p{Lu}[\p{L}\p{N}'-]*(?:\s+\p{Lu}[\p{L}\p{N}'-]*)*)/u;
const NUMBER = /(?<![\w.])-?\d+(?:\.\d+)?(?![\w])/g;

/** The arguments found in `text`, or `undefined` when a required one is missing. */
export function extractArguments(schema: JsonSchema, text: string): Arguments | undefined {
  const { properties, required } = plainSchema(schema, schema);
  const quoted = [...text.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  const numbers = [...text.matchAll(NUMBER)].map((match) => Number(match[0]));
  const found: Record<string, Json> = {};
  for (const [key, child] of properties) {
    const plain = childSchema(child, schema);
    const needed = required.has(key);
    // Strict schemas require every property and let those that were optional be null.
    const nullable = isNullable(child, schema);
    if (!needed && plain["default"] !== undefined) continue;
    const value =
      needed && !nullable ? argumentFrom(key, plain, text, quoted, numbers) : optionalFrom(key, plain, text);
    if (value !== undefined) found[key] = value;
    else if (needed && nullable) found[key] = null;
    else if (needed) return undefined;
  }
  return found;
}

/** Reads `key=value` pairs; a text without any goes to the one required text. Values with spaces are quoted. */
export function explicitArguments(schema: JsonSchema, text: string): Arguments {
  const { properties, required } = plainSchema(schema, schema);
  const found: Record<string, Json> = {};
  for (const match of text.matchAll(/([A-Za-z]\w{0,63})=(?:"([^"]*)"|(\S+))/g)) {
    const child = properties.get(match[1]!);
    const raw = match[2] ?? match[3] ?? "";
    found[match[1]!] = child === undefined ? raw : typed(childSchema(child, schema), raw);
  }
  const [only, ...others] = [...required].filter((key) => {
    const child = properties.get(key) ?? {};
    return !isNullable(child, schema) && isText(childSchema(child, schema));
  });
  if (Object.keys(found).length === 0 && text !== "" && only !== undefined && others.length === 0) {
    found[only] = text.replace(/^"([^"]*)"$/, "$1");
  }
  for (const key of required) {
    if (!Object.hasOwn(found, key) && isNullable(properties.get(key) ?? {}, schema)) found[key] = null;
  }
  return found;
}

function isText(schema: JsonSchema): boolean {
  return schema["type"] === "string" || schema["type"] === undefined;
}

function typed(schema: JsonSchema, raw: string): Json {
  if (
    (schema["type"] === "number" || schema["type"] === "integer") &&
    raw !== "" &&
    Number.isFinite(Number(raw))
  ) {
    return Number(raw);
  }
  if (schema["type"] === "boolean" && /^(?:true|false)$/.test(raw)) return raw === "true";
  if (schema["type"] === "array") return raw.split(",");
  return raw;
}

function argumentFrom(
  key: string,
  schema: JsonSchema,
  text: string,
  quoted: string[],
  numbers: number[],
): Json | undefined {
  if (schema["const"] !== undefined) return schema["const"];
  if (Array.isArray(schema["enum"])) return mentioned(schema["enum"], text);
  switch (schema["type"]) {
    case "number":
    case "integer": {
      const index = numbers.findIndex((value) => fits(schema, value));
      return index === -1 ? undefined : numbers.splice(index, 1)[0];
    }
    case "array":
      return quoted.length > 0 ? quoted.splice(0) : undefined;
    case "string":
      return textArgument(key, schema, text, quoted);
    default:
      return undefined;
  }
}

function textArgument(key: string, schema: JsonSchema, text: string, quoted: string[]): string | undefined {
  const format = schema["format"];
  if (format === "uri" || /(?:^|_)ur[il]$/i.test(key)) return URL_TEXT.exec(text)?.[0];
  if (format === "email") return MAIL.exec(text)?.[0];
  if (format === "date") return DATE.exec(text)?.[0];
  if (typeof format === "string") return undefined;
  if (quoted.length > 0) return quoted.shift();
  if (PATH_NAME.test(key)) return PATH.exec(text)?.[1]?.replace(/\.$/, "");
  if (WHOLE_REQUEST.test(key)) return searchText(text);
  return CAPITALISED.exec(text)?.[1];
}

/** "Search the files for retry policies." looks for what stands after "for". */
function searchText(text: string): string | undefined {
  const after = /\b(?:for|about)\s+(\S.*)$/i.exec(text)?.[1] ?? text;
  return after.replace(/[.?!]{1,3}$/, "").trim() || undefined;
}

/** An optional argument is taken only when the request names it, like `limit 5`. */
function optionalFrom(key: string, schema: JsonSchema, text: string): Json | undefined {
  if (Array.isArray(schema["enum"])) return mentioned(schema["enum"], text);
  if (schema["type"] !== "number" && schema["type"] !== "integer") return undefined;
  const words = text.toLowerCase().split(/[\s=:,]+/);
  const at = words.lastIndexOf(key.toLowerCase());
  const value = at === -1 ? Number.NaN : Number(words[at + 1]?.replace(/[.?!]+$/, "") || Number.NaN);
  return fits(schema, value) ? value : undefined;
}

/** The one value of an enum that the text names. */
export function mentioned(values: readonly Json[], text: string): Json | undefined {
  const words = ` ${rawWords(text).join(" ")} `;
  const found = values.filter(
    (value) => typeof value !== "object" && words.includes(` ${rawWords(String(value)).join(" ")} `),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Tells whether a number keeps the bounds of its schema. */
export function fits(schema: JsonSchema, value: number): boolean {
  const bound = (key: string): number | undefined =>
    typeof schema[key] === "number" ? schema[key] : undefined;
  if (!Number.isFinite(value) || (schema["type"] === "integer" && !Number.isSafeInteger(value))) return false;
  const step = bound("multipleOf");
  return (
    value >= (bound("minimum") ?? -Infinity) &&
    value <= (bound("maximum") ?? Infinity) &&
    value > (bound("exclusiveMinimum") ?? -Infinity) &&
    value < (bound("exclusiveMaximum") ?? Infinity) &&
    (step === undefined || step === 0 || Number.isInteger(value / step))
  );
}
