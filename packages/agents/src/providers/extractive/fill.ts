/**
 * Fills a JSON schema from quotes. The value fits the schema by construction; a required field that
 * nothing speaks for is given the schema's least value and named in `defaulted`.
 */
import type { Json } from "@orch/core";
import type { JsonSchema } from "../../words/model.ts";
import { fits, mentioned } from "./arguments.ts";
import { type Evidence, markOf } from "./evidence.ts";
import type { Filled, FillSource, Scope } from "./fill-scope.ts";
import { fillText } from "./fill-text.ts";
import { asSchema, childSchema, isNullable, listOf, plainSchema } from "./json-schema.ts";
import { queriesOf } from "./question.ts";
import { inReadingOrder } from "./rank.ts";
import { roleOf } from "./roles.ts";

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

interface Field {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

const MAX_DEPTH = 12;
const MAX_FINDINGS = 8;
const MAX_TEXTS = 5;

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
    const told = field.path === field.name ? scope.top.told?.get(field.name) : undefined;
    if (told !== undefined && isOf(schema, told)) return { value: told, backed: true };
    const choices = listOf(schema["enum"]);
    if (choices.length > 0) return this.#choice(choices, scope);
    const type = schema["type"] ?? (schema["properties"] === undefined ? "string" : "object");
    if (type === "object") return this.#object(schema, field, scope, defaulted);
    if (type === "array") return this.#array(schema, field, scope, defaulted);
    if (type === "number" || type === "integer") return this.#number(schema, field, scope);
    if (type === "boolean") return this.#boolean(field, scope);
    return type === "null" ? { value: null, backed: true } : fillText(schema, field.name, scope);
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
      // A field that the request does not ask for and no evidence fills is left out.
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

  /** Fills the items of a list, each with a subject of its own. */
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
}

/** Whether a value that a tool gave under the name of a field may stand in it. */
function isOf(schema: JsonSchema, value: Json): boolean {
  const choices = listOf(schema["enum"]);
  if (choices.length > 0) return choices.includes(value);
  if (typeof value === "number")
    return (schema["type"] === "number" || schema["type"] === "integer") && fits(schema, value);
  if (typeof value === "boolean") return schema["type"] === "boolean";
  if (typeof value !== "string" || schema["type"] !== "string") return false;
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema;
  const length = [...value].length;
  return (
    pattern === undefined &&
    format === undefined &&
    length >= Number(minLength) &&
    length <= Number(maxLength)
  );
}

/** Whether the name of a text field does not tell what belongs in it. Such an optional field is left out. */
function isUnclear(schema: JsonSchema, field: Pick<Field, "name">): boolean {
  const open = schema["type"] === "string" && schema["const"] === undefined && schema["enum"] === undefined;
  return open && schema["format"] === undefined && roleOf(field.name) === "other";
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
