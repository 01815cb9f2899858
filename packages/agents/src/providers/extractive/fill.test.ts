import type { Json } from "@orch/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import type { JsonSchema } from "../../words/model.ts";
import type { Evidence } from "./evidence.ts";
import { fillSchema } from "./fill.ts";

const evidence: readonly Evidence[] = [
  { path: "docs/a.md", line: 3, heading: "First", quote: "The first of 12 sentences.", score: 1 },
  { path: "docs/a.md", line: 9, heading: "Second", quote: "Another one, from 2024-05-06.", score: 0.7 },
  { path: "docs/b.md", line: 1, heading: "", quote: "See https://example.org/page for more.", score: 0.5 },
];

const name = fc.constantFrom(
  ..."title heading topic queries query path line quote citations sources url score found issues id text summary other count nested".split(
    " ",
  ),
);
const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 60 }));

const schema: fc.Arbitrary<JsonSchema> = fc.letrec<{ any: JsonSchema; object: JsonSchema }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant({ type: "string" }),
    fc
      .tuple(fc.nat(40), fc.nat(40))
      .map(([a, b]) => ({ type: "string", minLength: Math.min(a, b), maxLength: Math.max(a, b) })),
    fc
      .constantFrom("date", "date-time", "email", "uri", "uuid")
      .map((format) => ({ type: "string", format })),
    bounds.map(([from, more]) => ({ type: "integer", minimum: from, maximum: from + more })),
    bounds.map(([from]) => ({ type: "number", exclusiveMinimum: from })),
    fc.constant({ type: "boolean" }),
    fc.constant({ type: "null" }),
    fc.constantFrom<Json[]>(["bug", "feature"], [1, 2], ["only"]).map((values) => ({ enum: values })),
    fc.constantFrom<Json>("fixed", 7, true).map((value) => ({ const: value })),
    tie("any").map((inner) => ({ anyOf: [inner, { type: "null" }] })),
    fc.tuple(tie("any"), tie("any")).map((anyOf) => ({ anyOf })),
    fc
      .tuple(tie("any"), fc.nat(3), fc.nat(3))
      .map(([items, least, more]) => ({ type: "array", items, minItems: least, maxItems: least + more })),
    tie("object"),
  ),
  object: fc
    .tuple(fc.dictionary(name, tie("any"), { maxKeys: 5 }), fc.func(fc.boolean()))
    .map(([properties, wanted]) => ({
      type: "object",
      properties: { ...properties },
      required: Object.keys(properties).filter((key) => wanted(key)),
      additionalProperties: false,
    })),
})).any;

test("gives a value that fits, for any schema, with and without quotes", () => {
  fc.assert(
    fc.property(
      schema,
      fc.boolean(),
      fc.constantFrom("How are 5 features retried?", ""),
      (wanted, quotes, question) => {
        const { value, defaulted } = fillSchema(wanted, { question, evidence: quotes ? evidence : [] });
        const checked = z.fromJSONSchema(wanted as never).safeParse(value);
        expect(
          checked.error?.issues,
          `${JSON.stringify(wanted)} gave ${JSON.stringify(value)}`,
        ).toBeUndefined();
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        expect(new Set(defaulted).size).toBe(defaulted.length);
      },
    ),
    { numRuns: 2000 },
  );
});

test("follows references and merges", () => {
  const wanted: JsonSchema = {
    $defs: { place: { type: "object", properties: { path: { type: "string" } }, required: ["path"] } },
    allOf: [
      { $ref: "#/$defs/place" },
      { type: "object", properties: { line: { type: "integer" } }, required: ["line"] },
    ],
  };
  expect(fillSchema(wanted, { question: "", evidence })).toEqual({
    value: { path: "docs/a.md", line: 3 },
    defaulted: [],
  });
});

test("takes dates and addresses from quotes only", () => {
  const wanted: JsonSchema = {
    type: "object",
    properties: { published: { type: "string", format: "date" }, url: { type: "string", format: "uri" } },
    required: ["published", "url"],
  };
  const filled = fillSchema(wanted, { question: "", evidence });
  expect(filled).toEqual({
    value: { published: "2024-05-06", url: "https://example.org/page" },
    defaulted: [],
  });
});
