/**
 * Fills a JSON schema from quotes. The value fits the schema by construction; a required field that
 * nothing speaks for is given the schema's least value and named in `defaulted`.
 */
import type { Json } from "@orch/core";
import type { JsonSchema } from "../../model.ts";
import { fits, mentioned } from "./arguments.ts";
import { type Evidence, markOf } from "./evidence.ts";
import { asSchema, childSchema, isNullable, listOf, plainSchema } from "./json-schema.ts";
import { queriesOf } from "./question.ts";
import { inReadingOrder } from "./rank.ts";
import { roleOf } from "./roles.ts";

/** What a schema is filled from. */
export interface FillSource {
  readonly question: string;
  /** Best first. */
  readonly evidence: readonly Evidence[];
}

/** A filled schema. */
export interface FilledValue {
  readonly value: Json;
  /** Paths of the fields that nothing spoke for, like `sections[0].author`. */
  readonly defaulted: readonly string[];
}

/** Fills `schema` from `source`. Equal input gives equal output. */
export function fillSchema(schema: JsonSchema, source: FillSource): FilledValue {
  const defaulted: string[] = [];
  const scope: Scope = { ...source, top: source, item: false, cited: false, index: 0 };
  const filled = new Filling(schema).fill(schema, { name: "", path: "", depth: 0 }, scope, defaulted);
  return { value: filled.value, defaulted };
}

/** The quotes that speak for one object: all of them at the top, one or a few in an item of a list. */
interface Scope extends FillSource {
  readonly top: FillSource;
  readonly item: boolean;
  /** Whether the object has a place of its own for where its quotes come from. */
  readonly cited: boolean;
  readonly index: number;
  readonly query?: string;
}

interface Field {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

/** `backed` says that something in the conversation or the files speaks for the value. */
interface Filled {
  readonly value: Json;
  readonly backed: boolean;
}

const MAX_DEPTH = 12;
const MAX_FINDINGS = 8;
const MAX_TEXTS = 5;
const SUMMARY_QUOTES = 3;

class Filling {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  fill(schema: JsonSchema, field: Field, scope: Scope, defaulted: string[]): Filled {
    const plain = childSchema(schema, this.#root);
    if (isNullable(schema, this.#root)) {
      if (isUnclear(plain, field)) return { value: null, backed: true };
      const tried: string[] = [];
      const filled = this.#value(plain, field, scope, tried);
      if (!filled.backed || tried.length > 0) return { value: null, backed: true };
      return filled;
    }
    const filled = this.#value(plain, field, scope, defaulted);
    if (!filled.backed) defaulted.push(field.path === "" ? "the whole answer" : field.path);
    return filled;
  }

  #value(schema: JsonSchema, field: Field, scope: Scope, defaulted: string[]): Filled {
    if (schema["const"] !== undefined) return { value: schema["const"], backed: true };
    const choices = listOf(schema["enum"]);
    if (choices.length > 0) return this.#choice(choices, scope);
    const type = schema["type"] ?? (schema["properties"] === undefined ? "string" : "object");
    if (type === "object") return this.#object(schema, field, scope, defaulted);
    if (type === "array") return this.#array(schema, field, scope, defaulted);
    if (type === "number" || type === "integer") return this.#number(schema, field, scope);
    if (type === "boolean") return this.#boolean(field, scope);
    return type === "null" ? { value: null, backed: true } : this.#text(schema, field, scope);
  }

  #choice(choices: readonly Json[], scope: Scope): Filled {
    const texts = [scope.top.question, ...scope.evidence.map((one) => one.quote)];
    for (const text of texts) {
      const found = mentioned(choices, text);
      if (found !== undefined) return { value: found, backed: true };
    }
    return { value: choices[0]!, backed: false };
  }

  #object(schema: JsonSchema, field: Field, scope: Scope, defaulted: string[]): Filled {
    // A schema that requires itself without end has no value at all.
    if (field.depth > 2 * MAX_DEPTH) return { value: {}, backed: false };
    const { properties, required } = plainSchema(schema, this.#root);
    const roles = [...properties.keys()].map((name) => roleOf(name));
    const cited = roles.includes("citations") || roles.includes("path");
    const value: Record<string, Json> = {};
    for (const [name, child] of properties) {
      const unclear = field.depth >= MAX_DEPTH || isUnclear(childSchema(child, this.#root), { name });
      if (unclear && !required.has(name)) continue;
      const path = field.path === "" ? name : `${field.path}.${name}`;
      const tried: string[] = [];
      const filled = this.fill(child, { name, path, depth: field.depth + 1 }, { ...scope, cited }, tried);
      // What nobody asked for and nothing speaks for is left out.
      if (!required.has(name) && (!filled.backed || tried.length > 0)) continue;
      defaulted.push(...tried);
      value[name] = filled.value;
    }
    return { value, backed: true };
  }

  #array(schema: JsonSchema, field: Field, scope: Scope, defaulted: string[]): Filled {
    const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
    const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : Number.POSITIVE_INFINITY;
    // A tree, like comments with replies, is filled one level deep.
    const within = field.path
      .split(/\.|\[\d+\]/)
      .slice(0, -1)
      .includes(field.name);
    if (field.depth > 2 * MAX_DEPTH || (within && least === 0)) return { value: [], backed: true };
    const tuple = listOf(schema["prefixItems"]).map((item) => asSchema(item) ?? {});
    const items = childSchema(asSchema(schema["items"]) ?? {}, this.#root);
    const scopes =
      field.depth >= MAX_DEPTH
        ? []
        : tuple.length > 0
          ? tuple.map(() => scope)
          : this.#items(items, field, scope, least, most);
    const values: Json[] = [];
    const one = (index: number, itemScope: Scope): void => {
      const at = { name: field.name, path: `${field.path}[${index}]`, depth: field.depth + 1 };
      values.push(this.fill(tuple[index] ?? items, at, itemScope, defaulted).value);
    };
    scopes.slice(0, most).forEach((itemScope, index) => {
      one(index, itemScope);
    });
    while (values.length < Math.min(least, 1000)) {
      one(values.length, { ...scope, evidence: [], item: true, index: values.length });
    }
    return { value: values, backed: true };
  }

  /** What each item of a list speaks about. */
  #items(items: JsonSchema, field: Field, scope: Scope, least: number, most: number): readonly Scope[] {
    const role = roleOf(field.name);
    const { properties } = plainSchema(items, this.#root);
    const roles = new Set([...properties.keys()].map((name) => roleOf(name)));
    const part = (evidence: readonly Evidence[], index: number, query?: string): Scope => ({
      ...scope,
      evidence,
      item: true,
      index,
      ...(query === undefined ? {} : { query }),
    });
    if (
      role === "faults" ||
      items["type"] === "number" ||
      items["type"] === "integer" ||
      items["type"] === "boolean"
    )
      return [];
    if (role === "queries" || (roles.has("query") && !roles.has("path") && !roles.has("quote"))) {
      return queriesOf(scope.top.question, least, most).map((query, index) =>
        part(scope.evidence, index, query),
      );
    }
    if (roles.has("citations") || (roles.has("title") && !roles.has("path"))) {
      return groupByHeading(scope.evidence).map((group, index) => part(group, index));
    }
    const max = properties.size > 0 ? MAX_FINDINGS : MAX_TEXTS;
    const evidence =
      role === "path" || role === "citations" ? uniquePlaces(scope.evidence, role) : scope.evidence;
    return evidence.slice(0, max).map((one, index) => part([one], index));
  }

  #number(schema: JsonSchema, field: Field, scope: Scope): Filled {
    const best = scope.evidence[0];
    const role = roleOf(field.name);
    const known = role === "line" ? best?.line : role === "score" ? best?.score : undefined;
    if (known !== undefined && fits(schema, known)) return { value: known, backed: true };
    const said = /(?<![\w.])-?\d+(?:\.\d+)?(?!\w)/.exec(scope.top.question)?.[0];
    if (role !== "line" && said !== undefined && fits(schema, Number(said)))
      return { value: Number(said), backed: true };
    return { value: leastNumber(schema), backed: false };
  }

  #boolean(field: Field, scope: Scope): Filled {
    if (roleOf(field.name) === "found") return { value: scope.evidence.length > 0, backed: true };
    return { value: false, backed: false };
  }

  #text(schema: JsonSchema, field: Field, scope: Scope): Filled {
    const found = textFor(schema, field, scope);
    const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
    const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Number.POSITIVE_INFINITY;
    const text = trimTo(found ?? "", most);
    const pattern = schema["pattern"];
    const keeps = typeof pattern !== "string" || matches(pattern, text);
    const backed = found !== undefined && text.length >= least && keeps;
    return backed ? { value: text, backed } : { value: leastText(schema, text, least, most), backed };
  }
}

/** A text that may be missing, with a name that does not say what belongs in it, is better missing. */
function isUnclear(schema: JsonSchema, field: Pick<Field, "name">): boolean {
  const open = schema["type"] === "string" && schema["const"] === undefined && schema["enum"] === undefined;
  return open && schema["format"] === undefined && roleOf(field.name) === "other";
}

function textFor(schema: JsonSchema, field: Field, scope: Scope): string | undefined {
  const best = scope.evidence[0];
  const role = roleOf(field.name);
  const format = schema["format"];
  const said = [scope.top.question, ...scope.evidence.map((one) => one.quote)].join(" ");
  if (format === "date") return /\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\b/.exec(said)?.[0];
  if (format === "uri" || (role === "url" && format === undefined))
    return /https?:\/\/[^\s"'<>)\]]+/.exec(said)?.[0];
  if (format !== undefined) return undefined;
  const title = best === undefined ? undefined : best.heading || best.path;
  switch (role) {
    case "query":
    case "queries":
      return scope.query ?? (asTopic(scope.top.question) || undefined);
    case "topic":
      return scope.query ?? (asTopic(scope.top.question) || title);
    case "title":
      return scope.item ? title : scope.top.question || title;
    case "path":
      return best?.path;
    case "citations":
      return best === undefined ? undefined : markOf(best).slice(1, -1);
    case "quote":
      return best?.quote;
    case "id":
      return scope.item ? String(scope.index + 1) : undefined;
    default:
      return prose(scope);
  }
}

/** Quotes in the order in which they are read, each with its place unless the object names the places itself. */
function prose(scope: Scope): string | undefined {
  if (scope.evidence.length === 0) return undefined;
  const chosen = inReadingOrder(scope.evidence.slice(0, scope.item ? MAX_TEXTS : SUMMARY_QUOTES));
  return chosen.map((one) => (scope.cited ? one.quote : `${one.quote} ${markOf(one)}`)).join(" ");
}

function asTopic(question: string): string {
  return question.replace(/[\s?.!]{1,5}$/, "");
}

function groupByHeading(evidence: readonly Evidence[]): readonly (readonly Evidence[])[] {
  const groups = new Map<string, Evidence[]>();
  for (const one of evidence) {
    const key = `${one.path}\n${one.heading}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].slice(0, MAX_TEXTS).map(inReadingOrder);
}

function uniquePlaces(evidence: readonly Evidence[], role: string): readonly Evidence[] {
  const key = (one: Evidence): string => (role === "path" ? one.path : markOf(one));
  return evidence.filter((one, index) => evidence.findIndex((other) => key(other) === key(one)) === index);
}

function trimTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const space = text.lastIndexOf(" ", most);
  return text.slice(0, space > most / 2 ? space : most);
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

function leastNumber(schema: JsonSchema): number {
  const candidates = [
    0,
    schema["minimum"],
    schema["maximum"],
    schema["exclusiveMinimum"],
    schema["multipleOf"],
    1,
  ];
  for (const candidate of candidates) {
    if (typeof candidate !== "number") continue;
    for (const value of [candidate, candidate + 1, candidate + 0.5, candidate - 1])
      if (fits(schema, value)) return value;
  }
  return 0;
}

const LEAST_OF_FORMAT: { readonly [format: string]: string } = {
  date: "1970-01-01",
  "date-time": "1970-01-01T00:00:00Z",
  time: "00:00:00Z",
  email: "unknown@example.invalid",
  uri: "about:blank",
  duration: "PT0S",
  hostname: "localhost",
  ipv4: "0.0.0.0",
  ipv6: "::",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function leastText(schema: JsonSchema, text: string, least: number, most: number): string {
  const format = schema["format"];
  if (typeof format === "string" && Object.hasOwn(LEAST_OF_FORMAT, format)) return LEAST_OF_FORMAT[format]!;
  return text.padEnd(Math.min(least, most, 10_000), ".");
}
