import type { Json, Schema } from "@orch/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { toStrict } from "./schema.ts";

function isClosedEverywhere(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isClosedEverywhere);
  if (typeof node !== "object" || node === null) return true;
  const schema = node as { readonly [key: string]: unknown };
  if (schema["type"] === "object") {
    const names = Object.keys((schema["properties"] ?? {}) as object);
    if (schema["additionalProperties"] !== false) return false;
    if (JSON.stringify(schema["required"]) !== JSON.stringify(names)) return false;
  }
  return !("oneOf" in schema) && !("default" in schema) && Object.values(schema).every(isClosedEverywhere);
}

/** What a model under the strict schema would write for an absent property, and what the user's schema reads of it. */
function roundTrip(schema: z.ZodType, written: Json): unknown {
  return schema.parse(toStrict(schema).restore(written));
}

describe("a schema that can be sent strictly", () => {
  const tree = z.object({
    name: z.string(),
    get children() {
      return z.array(tree).optional();
    },
  });
  const cases: { readonly [what: string]: z.ZodType } = {
    "optional, nullable, nullish and default properties": z.object({
      a: z.string().optional(),
      b: z.string().nullable(),
      c: z.string().nullish(),
      d: z.number().default(3),
    }),
    "discriminated unions": z.object({
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), r: z.number() }),
        z.object({ kind: z.literal("square"), side: z.number().optional() }),
      ]),
    }),
    "a recursive type": tree,
    "shared definitions with a description beside the reference": (() => {
      const Point = z.object({ x: z.number() }).meta({ id: "Point" });
      return z.object({ from: Point, to: Point.describe("where to") });
    })(),
    "what a transform, a pipe and a stringbool read": z.object({
      n: z.string().transform(Number),
      p: z.string().transform(Number).pipe(z.number()),
      b: z.stringbool(),
      c: z.coerce.number(),
      i: z.int(),
    }),
    "a root that is a list": z.array(z.object({ a: z.string().optional() })),
    "a root that is a union": z.discriminatedUnion("k", [
      z.object({ k: z.literal(1) }),
      z.object({ k: z.literal(2), more: z.string() }),
    ]),
    "a root that is a scalar": z.enum(["yes", "no"]),
  };
  for (const [what, schema] of Object.entries(cases)) {
    it(`has every object closed and every property required: ${what}`, () => {
      const sent = toStrict(schema);
      expect(sent.warnings).toEqual([]);
      expect(sent.schema["type"]).toBe("object");
      expect(isClosedEverywhere(sent.schema)).toBe(true);
    });
  }

  it("asks for what parse reads: a stringbool is a string there", () => {
    const { schema } = toStrict(z.object({ sure: z.stringbool() }));
    expect(schema["properties"]).toEqual({ sure: { type: "string" } });
  });

  it("tells a default in words, since the model must write something", () => {
    const { schema } = toStrict(z.object({ n: z.number().describe("How many.").default(3) }));
    expect(schema["properties"]).toEqual({
      n: { anyOf: [{ type: "number", description: "How many. Default: 3." }, { type: "null" }] },
    });
  });
});

describe("the way back", () => {
  it("takes out the null of what was optional, and leaves the null of what was nullable", () => {
    const schema = z.object({
      a: z.string().optional(),
      b: z.string().nullable(),
      c: z.string().nullish(),
      d: z.number().default(3),
    });
    expect(roundTrip(schema, { a: null, b: null, c: null, d: null })).toEqual({ b: null, c: null, d: 3 });
  });

  it("reaches into lists, unions, references and recursion", () => {
    const node = z.object({
      name: z.string().optional(),
      get next() {
        return node.optional();
      },
    });
    const schema = z.object({
      list: z.array(z.object({ a: z.string().optional() })),
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), x: z.number().nullable() }),
        z.object({ kind: z.literal("b"), x: z.number().optional() }),
      ]),
      node,
    });
    const written = {
      list: [{ a: null }, { a: "x" }],
      shape: { kind: "b", x: null },
      node: { name: null, next: { name: "n", next: null } },
    };
    expect(roundTrip(schema, written)).toEqual({
      list: [{}, { a: "x" }],
      shape: { kind: "b" },
      node: { next: { name: "n" } },
    });
    expect(roundTrip(schema, { ...written, shape: { kind: "a", x: null } })).toMatchObject({
      shape: { kind: "a", x: null },
    });
  });

  it("unwraps a root that had to be put into an object", () => {
    expect(roundTrip(z.array(z.object({ a: z.string().optional() })), { value: [{ a: null }] })).toEqual([
      {},
    ]);
    expect(roundTrip(z.number(), { value: 4 })).toBe(4);
  });
});

describe("a schema that cannot be sent strictly", () => {
  for (const [what, schema] of Object.entries({
    record: z.object({ r: z.record(z.string(), z.number()) }),
    tuple: z.object({ t: z.tuple([z.string(), z.number()]) }),
    loose: z.looseObject({ a: z.string() }),
    any: z.object({ x: z.any() }),
    unknown: z.object({ x: z.unknown() }),
  })) {
    it(`is sent as it is, with a warning that names the place: ${what}`, () => {
      const sent = toStrict(schema);
      expect(sent.strict).toBe(false);
      expect(sent.schema).toEqual(sent.plain);
      expect(sent.warnings.join()).toMatch(/"[rtx]"|the root/);
    });
  }

  it("is an error with a way out when JSON cannot say it, or its library cannot", () => {
    for (const [schema, place] of [
      [z.object({ list: z.array(z.object({ m: z.map(z.string(), z.string()) })) }), '"list[].m" is a Map'],
      [z.set(z.string()), "the root is a Set"],
      [z.object({ at: z.instanceof(URL) }), '"at" is an instance of URL'],
      [z.tuple([z.string(), z.symbol()]), '"[1]" is a symbol'],
    ] as const) {
      expect(() => toStrict(schema)).toThrow(expect.objectContaining({ code: "ORCH_SCHEMA" }));
      expect(() => toStrict(schema)).toThrow(place);
    }
    const plain: Schema = { "~standard": { version: 1, vendor: "home", validate: (value) => ({ value }) } };
    expect(() => toStrict(plain)).toThrow(/does not offer a JSON Schema/);
  });
});

it("converts each schema once", () => {
  const schema = z.object({ a: z.string() });
  expect(toStrict(schema)).toBe(toStrict(schema));
});
