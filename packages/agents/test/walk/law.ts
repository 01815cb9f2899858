/**
 * What a provider's documentation says of a request's body, as data that is checked: each key with what it may hold, and no other key. A law
 * gives its findings as sentences with the place.
 */

/** Tells one thing that is wrong. */
export type Tell = (problem: string) => void;

/** Checks a value at a place. */
export type Law = (value: unknown, place: string, tell: Tell) => void;

/** A JSON object as it came. */
export type Plain = { readonly [key: string]: unknown };

/** Runs a law. */
export function findings(law: Law, value: unknown): readonly string[] {
  const found: string[] = [];
  law(value, "body", (problem) => found.push(problem));
  return found;
}

export const anything: Law = () => {};

/** A text; by default not blank. Every text is well-formed Unicode, which is checked for the whole body. */
export function text(
  is: (value: string) => boolean = (value) => value.trim() !== "",
  what = "a text that is not blank",
): Law {
  return (value, place, tell) => {
    if (typeof value !== "string" || !is(value)) tell(`${place} is ${shown(value)}, not ${what}`);
  };
}

export const anyText: Law = text(() => true, "a text");

export function like(pattern: RegExp): Law {
  return text((value) => pattern.test(value), `a text like ${pattern}`);
}

export function oneOf(...values: readonly unknown[]): Law {
  return (value, place, tell) => {
    if (!values.includes(value))
      tell(`${place} is ${shown(value)}, not one of ${values.map(shown).join(", ")}`);
  };
}

export function number(least: number, most: number = Number.POSITIVE_INFINITY): Law {
  return (value, place, tell) => {
    if (typeof value !== "number" || !(value >= least && value <= most))
      tell(`${place} is ${shown(value)}, not a number from ${least} to ${most}`);
  };
}

export const flag: Law = oneOf(true, false);

export function list(of: Law, least = 1): Law {
  return (value, place, tell) => {
    if (!Array.isArray(value)) return tell(`${place} is ${shown(value)}, not a list`);
    if (value.length < least) tell(`${place} has ${value.length} items, not at least ${least}`);
    for (const [at, item] of value.entries()) of(item, `${place}[${at}]`, tell);
  };
}

/** An object with these keys, of which those whose name ends in `?` may be absent, and no others. */
export function object(keys: { readonly [key: string]: Law }): Law {
  const laws = new Map(Object.entries(keys).map(([key, law]) => [key.replace(/\?$/, ""), law]));
  const needed = Object.keys(keys).filter((key) => !key.endsWith("?"));
  return (value, place, tell) => {
    if (!isPlain(value)) return tell(`${place} is ${shown(value)}, not an object`);
    for (const key of needed) if (!Object.hasOwn(value, key)) tell(`${place} lacks ${key}`);
    for (const [key, one] of Object.entries(value)) {
      const law = laws.get(key);
      if (law === undefined) tell(`${place} has the unknown key ${key}`);
      else law(one, `${place}.${key}`, tell);
    }
  };
}

/** An object whose `key` says which law holds. */
export function kinds(key: string, laws: { readonly [kind: string]: Law }): Law {
  return (value, place, tell) => {
    const kind = isPlain(value) ? value[key] : undefined;
    const law = typeof kind === "string" && Object.hasOwn(laws, kind) ? laws[kind] : undefined;
    if (law === undefined)
      tell(`${place}.${key} is ${shown(kind)}, not one of ${Object.keys(laws).join(", ")}`);
    else law(value, place, tell);
  };
}

/** Either a text by one law, or something else by another. */
export function textOr(ofText: Law, other: Law): Law {
  return (value, place, tell) => (typeof value === "string" ? ofText : other)(value, place, tell);
}

/** All of these laws. */
export function all(...laws: readonly Law[]): Law {
  return (value, place, tell) => {
    for (const law of laws) law(value, place, tell);
  };
}

/** A rule of several parts of the value. */
export function rule(check: (value: Plain, tell: Tell) => void): Law {
  return (value, _, tell) => {
    if (isPlain(value)) check(value, tell);
  };
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text that is base64 with its padding. */
export const base64: Law = text(
  (value) => value.length > 0 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value),
  "base64",
);

/** A `data:` address of one of these types, or an address of the web where that is allowed. */
export function address(types: RegExp, web: boolean): Law {
  return (value, place, tell) => {
    if (typeof value !== "string") return tell(`${place} is no address`);
    if (/^https?:\/\//.test(value)) return web ? undefined : tell(`${place} is an address of the web`);
    const [, type = "", data] = /^data:([^;,]*);base64,(.*)$/s.exec(value) ?? [];
    if (data === undefined) return tell(`${place} is ${shown(value)}, not a data: address`);
    if (!types.test(type)) tell(`${place} is of the type ${shown(type)}`);
    base64(data, place, tell);
  };
}

export const IMAGES: RegExp = /^image\/(?:png|jpeg|gif|webp)$/;

/**
 * A schema of strict mode: every object is closed and requires all of its properties; the root is an object.
 *
 * Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export const strictSchema: Law = (value, place, tell) => {
  if (!isPlain(value) || value["type"] !== "object") tell(`${place} is no object at its root`);
  strictInside(value, place, tell);
};

const FORBIDDEN = [
  "oneOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "dependentRequired",
  "dependentSchemas",
];

function strictInside(value: unknown, place: string, tell: Tell): void {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) strictInside(one, `${place}[${at}]`, tell);
    return;
  }
  if (!isPlain(value)) return;
  for (const key of FORBIDDEN) if (Object.hasOwn(value, key)) tell(`${place} has ${key}`);
  const properties = value["properties"];
  if (isPlain(properties)) {
    if (value["additionalProperties"] !== false) tell(`${place} is not closed`);
    const required = Array.isArray(value["required"]) ? value["required"] : [];
    for (const key of Object.keys(properties))
      if (!required.includes(key)) tell(`${place} does not require ${key}`);
    for (const [key, one] of Object.entries(properties)) strictInside(one, `${place}.${key}`, tell);
  }
  for (const key of ["items", "anyOf", "$defs"])
    if (Object.hasOwn(value, key)) strictInside(value[key], `${place}.${key}`, tell);
}

/** Every text of a value, with half a character nowhere. */
export const wellFormed: Law = (value, place, tell) => {
  if (typeof value === "string") {
    if (!value.isWellFormed()) tell(`${place} holds half a character`);
  } else if (Array.isArray(value))
    for (const [at, one] of value.entries()) wellFormed(one, `${place}[${at}]`, tell);
  else if (isPlain(value))
    for (const [key, one] of Object.entries(value)) {
      if (!key.isWellFormed()) tell(`${place} has a key with half a character`);
      wellFormed(one, `${place}.${key}`, tell);
    }
};

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 60);
}
