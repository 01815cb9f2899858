/** Every construct of zod 4 that an agent may be given, with values that a model may write for it. */
import type { Json } from "@orch/core";
import { z } from "zod";

/** A construct, and what becomes of values. */
export interface Row {
  readonly schema: z.ZodType;
  /** Why it cannot be sent strictly: a part of the warning, with its place. Absent where it can. */
  readonly hint?: RegExp;
  /** Values that fit, as plain JSON; what `invoke` or the result gets is what zod makes of `reads`, or of them. */
  readonly good: readonly (Json | { readonly json: Json; readonly gives: unknown })[];
  readonly bad: readonly Json[];
}

const given = (json: Json, gives: unknown): { json: Json; gives: unknown } => ({ json, gives });

const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree).optional();
  },
});
const Linked: z.ZodType = z.lazy(() => z.object({ at: z.int(), next: Linked.nullable() }));
const Even = z.object({
  get odd() {
    return Odd.optional();
  },
});
const Odd = z.object({
  get even() {
    return Even.nullable();
  },
});
const Expression: z.ZodType = z.lazy(() =>
  z.union([z.number(), z.object({ plus: z.tuple([Expression, Expression]) })]),
);
const Point = z.object({ x: z.number(), label: z.string().optional() }).meta({ id: "Point/~1" });

export const matrix: { readonly [construct: string]: Row } = {
  string: { schema: z.object({ a: z.string() }), good: [{ a: "x" }, { a: "" }], bad: [{ a: 1 }, {}] },
  "string with limits": {
    schema: z.object({ a: z.string().min(2).max(4).regex(/^a/).startsWith("a").includes("b") }),
    good: [{ a: "ab" }],
    bad: [{ a: "a" }, { a: "abcde" }, { a: "bb" }],
  },
  "string that is changed": {
    schema: z.object({ a: z.string().trim().toUpperCase() }),
    good: [given({ a: " x " }, { a: "X" })],
    bad: [{ a: 1 }],
  },
  "string formats": {
    schema: z.object({
      email: z.email(),
      url: z.url(),
      uuid: z.uuid(),
      ip: z.ipv4(),
      day: z.iso.date(),
      at: z.iso.datetime(),
      bytes: z.base64(),
      slug: z.templateLiteral(["v", z.int()]),
      password: z.string().regex(/^(?=.*\d)(?!.*\s).{3,}$/),
    }),
    good: [
      {
        email: "a@b.org",
        url: "https://b.org/",
        uuid: "123e4567-e89b-42d3-a456-426614174000",
        ip: "10.0.0.1",
        day: "2026-11-22",
        at: "2026-11-22T20:00:00Z",
        bytes: "aGk=",
        slug: "v3",
        password: "abc1",
      },
    ],
    bad: [
      {
        email: "no",
        url: "no",
        uuid: "no",
        ip: "no",
        day: "no",
        at: "no",
        bytes: "?",
        slug: "3",
        password: "",
      },
    ],
  },
  number: { schema: z.object({ n: z.number() }), good: [{ n: 1.5 }, { n: -0.25 }], bad: [{ n: "1" }] },
  "number with limits": {
    schema: z.object({ n: z.number().gt(1).lte(9).multipleOf(2) }),
    good: [{ n: 8 }],
    bad: [{ n: 1 }, { n: 10 }, { n: 3 }],
  },
  integer: { schema: z.object({ n: z.int().min(1) }), good: [{ n: 3 }], bad: [{ n: 1.5 }, { n: 0 }] },
  "int32 and float32": {
    schema: z.object({ i: z.int32(), f: z.float32() }),
    good: [{ i: 3, f: 0.5 }],
    bad: [{ i: 2 ** 40, f: 0 }],
  },
  boolean: { schema: z.object({ b: z.boolean() }), good: [{ b: true }], bad: [{ b: "true" }] },
  null: { schema: z.object({ n: z.null() }), good: [{ n: null }], bad: [{ n: 0 }] },
  bigint: {
    schema: z.object({ n: z.bigint() }),
    good: [given({ n: "90071992547409930" }, { n: 90071992547409930n }), given({ n: 7 }, { n: 7n })],
    bad: [{ n: "many" }, { n: 1.5 }],
  },
  "literal bigint": {
    schema: z.object({ n: z.literal([5n, 6n]) }),
    good: [given({ n: "5" }, { n: 5n })],
    bad: [{ n: "7" }],
  },
  date: {
    schema: z.object({ d: z.date().min(new Date("2020-01-01")), e: z.date().optional() }),
    good: [
      given({ d: "2026-11-22T20:00:00Z" }, { d: new Date("2026-11-22T20:00:00Z") }),
      given({ d: "2026-11-22" }, { d: new Date("2026-11-22") }),
    ],
    bad: [{ d: "yesterday" }, { d: "2019-01-01" }, { d: 5 }],
  },
  "date beside text": {
    schema: z.object({ d: z.union([z.date(), z.string()]), f: z.union([z.date(), z.number()]) }),
    good: [given({ d: "2026-11-22", f: "2026-11-22" }, { d: "2026-11-22", f: new Date("2026-11-22") })],
    bad: [{ d: 1, f: 1, g: 1, h: null }].map(({ d }) => ({ d, f: "no" })),
  },
  "coerced values": {
    schema: z.object({
      n: z.coerce.number(),
      b: z.coerce.boolean(),
      d: z.coerce.date(),
      s: z.coerce.string(),
    }),
    good: [
      given({ n: 4, b: true, d: "2026-11-22", s: "x" }, { n: 4, b: true, d: new Date("2026-11-22"), s: "x" }),
    ],
    bad: [{ n: "four", b: true, d: "never", s: "x" }],
  },
  stringbool: {
    schema: z.object({ b: z.stringbool() }),
    good: [given({ b: "yes" }, { b: true })],
    bad: [{ b: true }],
  },
  transform: {
    schema: z.object({ n: z.string().transform((text) => text.length) }),
    good: [given({ n: "four" }, { n: 4 })],
    bad: [{ n: 4 }],
  },
  pipe: {
    schema: z.object({ n: z.string().transform(Number).pipe(z.number().min(2)) }),
    good: [given({ n: "4" }, { n: 4 })],
    bad: [{ n: "1" }, { n: 4 }],
  },
  preprocess: {
    schema: z.object({
      n: z.preprocess((value) => (value === "" ? undefined : value), z.string().optional()),
    }),
    good: [given({ n: "x" }, { n: "x" })],
    bad: [{ n: 4 }],
  },
  codec: {
    schema: z.object({
      at: z.codec(z.iso.datetime(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
    }),
    good: [given({ at: "2026-11-22T20:00:00Z" }, { at: new Date("2026-11-22T20:00:00Z") })],
    bad: [{ at: "no" }],
  },
  refinement: {
    schema: z.object({ a: z.string().refine((text) => text !== "no") }),
    good: [{ a: "yes" }],
    bad: [{ a: "no" }],
  },
  "refinement that waits": {
    schema: z.object({ a: z.string().refine(async (text) => text !== "no") }),
    good: [{ a: "yes" }],
    bad: [{ a: "no" }],
  },
  "transform that throws": {
    schema: z.object({
      a: z.string().transform((text) => {
        if (text === "no") throw new RangeError("not this one");
        return text;
      }),
    }),
    good: [{ a: "yes" }],
    bad: [{ a: "no" }],
  },
  optional: {
    schema: z.object({ a: z.string().optional(), b: z.int() }),
    good: [{ b: 1 }, { a: "x", b: 1 }],
    bad: [{ a: 1, b: 1 }],
  },
  "optional of one's own": {
    schema: z.object({ a: z.string().exactOptional() }),
    good: [{}, { a: "x" }],
    bad: [{ a: 1 }],
  },
  nullable: {
    schema: z.object({ a: z.string().nullable() }),
    good: [{ a: null }, { a: "x" }],
    bad: [{}, { a: 1 }],
  },
  nullish: {
    schema: z.object({ a: z.string().nullish() }),
    good: [{ a: null }, { a: "x" }],
    bad: [{ a: 1 }],
  },
  default: {
    schema: z.object({ n: z.number().default(3), o: z.object({ x: z.int() }).default({ x: 1 }) }),
    good: [given({}, { n: 3, o: { x: 1 } }), { n: 4, o: { x: 2 } }],
    bad: [{ n: "4" }],
  },
  prefault: {
    schema: z.object({ a: z.string().trim().prefault(" x ") }),
    good: [given({}, { a: "x" })],
    bad: [{ a: 1 }],
  },
  catch: {
    schema: z.object({ n: z.number().catch(3) }),
    good: [{ n: 4 }, given({ n: "four" }, { n: 3 })],
    bad: [1],
  },
  "optional and nullable in every order": {
    schema: z.object({
      a: z.string().optional().nullable(),
      b: z.string().nullable().optional(),
      c: z.string().nullable().default("d"),
      d: z.nonoptional(z.string().optional()),
    }),
    good: [given({ a: null, b: null, c: null, d: "x" }, { a: null, b: null, c: null, d: "x" })],
    bad: [{ a: null, b: null, c: null }],
  },
  array: {
    schema: z.object({
      list: z
        .array(z.object({ a: z.string().optional() }))
        .min(1)
        .max(3),
    }),
    good: [{ list: [{}, { a: "x" }] }],
    bad: [{ list: [] }, { list: [{}, {}, {}, {}] }, { list: "x" }],
  },
  tuple: {
    schema: z.object({ t: z.tuple([z.string(), z.object({ o: z.int().optional() })], z.number()) }),
    hint: /"t" uses "prefixItems"/,
    good: [{ t: ["x", {}] }, { t: ["x", { o: 1 }, 2, 3] }],
    bad: [{ t: ["x"] }, { t: [1, {}] }],
  },
  record: {
    schema: z.object({ r: z.record(z.string(), z.object({ o: z.date().optional() })) }),
    hint: /"r" takes keys that are not named/,
    good: [
      given({ r: { k: { o: "2026-11-22" }, l: {} } }, { r: { k: { o: new Date("2026-11-22") }, l: {} } }),
    ],
    bad: [{ r: { k: 1 } }],
  },
  "record with named keys": {
    schema: z.object({ r: z.record(z.enum(["a", "b"]), z.int()) }),
    good: [{ r: { a: 1, b: 2 } }],
    bad: [{ r: { a: 1 } }, { r: { a: 1, b: 2, c: 3 } }],
  },
  "partial record": {
    schema: z.object({ r: z.partialRecord(z.enum(["a", "b"]), z.int()) }),
    good: [{ r: { a: 1 } }, { r: {} }],
    bad: [{ r: { a: "1" } }],
  },
  "record with keys of a form": {
    schema: z.object({ r: z.looseRecord(z.string().regex(/^x-/), z.int()) }),
    hint: /"r" uses "patternProperties"/,
    good: [{ r: { "x-a": 1 } }],
    bad: [{ r: { "x-a": "1" } }],
  },
  "strict object": { schema: z.strictObject({ a: z.string() }), good: [{ a: "x" }], bad: [{ a: "x", b: 1 }] },
  "loose object": {
    schema: z.looseObject({ a: z.string() }),
    hint: /the root takes keys that are not named/,
    good: [{ a: "x", more: [null] }],
    bad: [{ more: 1 }],
  },
  catchall: {
    schema: z.object({ in: z.object({ a: z.string() }).catchall(z.number()) }),
    hint: /"in" takes keys that are not named/,
    good: [{ in: { a: "x", b: 1 } }],
    bad: [{ in: { a: "x", b: "y" } }],
  },
  "empty object": { schema: z.object({}), good: [{}], bad: [] },
  "object of odd names": {
    schema: z.object({ constructor: z.string(), $ref: z.string(), type: z.string(), "a b/c~d": z.int() }),
    good: [{ constructor: "c", $ref: "r", type: "t", "a b/c~d": 1 }],
    bad: [{ constructor: 1, $ref: "r", type: "t", "a b/c~d": 1 }],
  },
  "union of scalars": {
    schema: z.object({ u: z.union([z.string(), z.int(), z.null()]) }),
    good: [{ u: "x" }, { u: 1 }, { u: null }],
    bad: [{ u: true }],
  },
  "union of objects": {
    schema: z.object({
      u: z.union([z.object({ a: z.string() }), z.object({ b: z.int(), c: z.date().optional() })]),
    }),
    good: [
      { u: { a: "x" } },
      given({ u: { b: 1, c: "2026-11-22" } }, { u: { b: 1, c: new Date("2026-11-22") } }),
      { u: { b: 1 } },
    ],
    bad: [{ u: {} }],
  },
  "union of an object, a list and text": {
    schema: z.object({
      u: z.union([
        z.object({ a: z.string().optional() }),
        z.array(z.object({ b: z.int().optional() })),
        z.string(),
      ]),
    }),
    good: [{ u: {} }, { u: [{}] }, { u: "x" }],
    bad: [{ u: 1 }],
  },
  "union with undefined": {
    schema: z.object({ u: z.union([z.string(), z.undefined()]).optional() }),
    good: [{ u: "x" }, {}],
    bad: [{ u: 1 }],
  },
  "union where exactly one may fit": {
    schema: z.object({ u: z.xor([z.object({ a: z.string() }), z.object({ b: z.int() })]) }),
    hint: /"u" is a union where exactly one may fit/,
    good: [{ u: { a: "x" } }],
    bad: [{ u: { a: "x", b: 1 } }],
  },
  "discriminated union": {
    schema: z.object({
      s: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), r: z.number(), note: z.string().nullable() }),
        z.object({
          kind: z.enum(["square", "cube"]),
          side: z.number().optional(),
          note: z.string().optional(),
        }),
      ]),
    }),
    good: [{ s: { kind: "circle", r: 1, note: null } }, { s: { kind: "cube" } }],
    bad: [{ s: { kind: "line" } }, { s: { kind: "circle" } }],
  },
  "nested discriminated unions": {
    schema: z.discriminatedUnion("a", [
      z.object({ a: z.literal(1) }),
      z.discriminatedUnion("b", [
        z.object({ a: z.literal(2), b: z.literal("x"), c: z.int().optional() }),
        z.object({ a: z.literal(2), b: z.literal("y"), c: z.int().nullable() }),
      ]),
    ]),
    // The members of the inner union share what tells the outer one apart.
    hint: /union where exactly one may fit/,
    good: [{ a: 1 }, { a: 2, b: "x" }, { a: 2, b: "y", c: null }],
    bad: [{ a: 3 }],
  },
  intersection: {
    schema: z.intersection(z.object({ a: z.string().optional() }), z.object({ b: z.int() })),
    good: [{ b: 1 }, { a: "x", b: 1 }],
    bad: [{ a: "x" }],
  },
  "intersection with a union": {
    schema: z.object({
      i: z
        .object({ a: z.string() })
        .and(z.union([z.object({ b: z.int().optional() }), z.object({ c: z.int() })])),
    }),
    good: [{ i: { a: "x", b: 1 } }, { i: { a: "x" } }],
    bad: [{ i: { b: 1 } }],
  },
  "intersection with a record": {
    schema: z.object({
      i: z.intersection(
        z.record(z.string(), z.unknown()),
        z.object({ a: z.string(), o: z.int().optional() }),
      ),
    }),
    hint: /"i" uses "allOf"/,
    good: [{ i: { a: "x", more: true } }],
    bad: [{ i: { more: true } }],
  },
  literal: {
    schema: z.object({ l: z.literal("x"), m: z.literal(["a", 1, null, true]) }),
    good: [
      { l: "x", m: null },
      { l: "x", m: 1 },
    ],
    bad: [
      { l: "y", m: 1 },
      { l: "x", m: 2 },
    ],
  },
  enum: { schema: z.object({ e: z.enum(["a", "b"]).optional() }), good: [{ e: "a" }, {}], bad: [{ e: "c" }] },
  "enum of numbers": {
    schema: z.object({ e: z.enum({ Low: 1, High: 2 } as never) }),
    good: [{ e: 2 }],
    bad: [{ e: 3 }, { e: "Low" }],
  },
  "recursive by getter": {
    schema: Tree,
    good: [{ name: "a" }, { name: "a", children: [{ name: "b" }, { name: "c", children: [] }] }],
    bad: [{ name: "a", children: [{}] }],
  },
  "recursive by lazy": {
    schema: Linked,
    good: [{ at: 1, next: { at: 2, next: null } }],
    bad: [{ at: 1, next: {} }],
  },
  "recursive by turns": {
    schema: Even,
    good: [{}, { odd: { even: null } }, { odd: { even: { odd: { even: null } } } }],
    bad: [{ odd: 1 }],
  },
  "recursive union": {
    schema: Expression,
    hint: /uses "prefixItems"/,
    good: [1, { plus: [1, { plus: [2, 3] }] }],
    bad: [{ plus: [1] }, "1"],
  },
  "recursive union within an object": {
    schema: z.object({ any: z.json() }),
    hint: /takes keys that are not named/,
    good: [{ any: { a: [1, null, { b: "x" }] } }],
    bad: [{}],
  },
  "shared definitions": {
    schema: z.object({
      from: Point,
      to: Point.describe("where to"),
      via: Point.optional(),
      all: z.array(Point),
    }),
    good: [{ from: { x: 1 }, to: { x: 2, label: "b" }, all: [{ x: 3 }] }],
    bad: [{ from: {}, to: { x: 1 }, all: [] }],
  },
  "definition at the root": { schema: Point, good: [{ x: 1 }, { x: 1, label: "a" }], bad: [{}] },
  "root list": {
    schema: z.array(z.object({ a: z.string().optional() })),
    good: [[], [{}, { a: "x" }]],
    bad: [[1]],
  },
  "root scalar": { schema: z.number().min(1), good: [4], bad: [0] },
  "root text": { schema: z.string().describe("a word"), good: ["x"], bad: [1] },
  "root enum": { schema: z.enum(["yes", "no"]), good: ["yes"], bad: ["maybe"] },
  "root union": {
    schema: z.union([z.object({ value: z.int() }), z.string()]),
    good: ["x", { value: 1 }],
    bad: [true],
  },
  "root record": {
    schema: z.record(z.string(), z.int()),
    hint: /the root takes keys/,
    good: [{ a: 1 }, { value: 1 }],
    bad: [{ a: "x" }],
  },
  "root tuple": {
    schema: z.tuple([z.string(), z.int()]),
    hint: /"value" uses "prefixItems"/,
    good: [["x", 1]],
    bad: [["x"]],
  },
  "root date": { schema: z.date(), good: [given("2026-11-22", new Date("2026-11-22"))], bad: ["no"] },
  any: {
    schema: z.object({ x: z.any(), y: z.unknown() }),
    hint: /"x" allows anything/,
    good: [{ x: [1], y: null }],
    bad: [],
  },
  "check of one's own": {
    schema: z.object({ x: z.custom((value) => value === 7) }),
    hint: /"x" allows anything/,
    good: [{ x: 7 }],
    bad: [{ x: 8 }],
  },
  never: {
    schema: z.object({ a: z.string(), n: z.never().optional() }),
    good: [{ a: "x" }],
    bad: [{ a: "x", n: 1 }],
  },
  brand: { schema: z.object({ a: z.string().brand("Id") }).readonly(), good: [{ a: "x" }], bad: [{ a: 1 }] },
  promise: { schema: z.object({ a: z.promise(z.string()) }), good: [{ a: "x" }], bad: [{ a: 1 }] },
  "big descriptions": {
    schema: z.object({
      a: z
        .string()
        .describe("word ".repeat(20_000))
        .meta({ title: "A", examples: ["x", "y"] }),
    }),
    good: [{ a: "x" }],
    bad: [{ a: 1 }],
  },
  "too many properties": {
    schema: z.object(
      Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`p${at}`, z.int().optional()])),
    ),
    hint: /5001 properties where 5000/,
    good: [{ p0: 1, p5000: 2 }],
    bad: [{ p0: "x" }],
  },
  "too many levels": {
    schema: Array.from({ length: 12 }).reduce<z.ZodType>((inner) => z.object({ in: inner }), z.int()),
    hint: /12 levels of nesting where 10/,
    good: [Array.from({ length: 12 }).reduce<Json>((inner) => ({ in: inner }), 1)],
    bad: [{ in: 1 }],
  },
};
