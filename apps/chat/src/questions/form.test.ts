import { expect, test } from "vitest";
import { answerOf, formOf, isWhole } from "./form.ts";

const kinds = (schema: Record<string, unknown>): readonly string[] =>
  formOf(schema).fields.map(({ label, kind, optional }) => `${label}: ${kind.type}${optional ? "?" : ""}`);

test("T21: an object is taken apart into fields, also one in another", () => {
  const schema = {
    type: "object",
    required: ["to", "urgent", "tags"],
    $defs: { Person: { type: "object", required: ["name"], properties: { name: { type: "string" } } } },
    properties: {
      to: { $ref: "#/$defs/Person", description: "who gets it" },
      urgent: { type: "boolean" },
      size: { type: ["integer", "null"], minimum: 1 },
      tags: { type: "array", items: { type: "string" } },
      colour: { anyOf: [{ const: "red" }, { const: "blue" }, { type: "null" }] },
      more: { type: "object", properties: { any: { type: "string" } } },
    },
  };
  expect(kinds(schema)).toEqual([
    "to.name: text",
    "urgent: choice",
    "size: number?",
    "tags: list",
    "colour: choice?",
    "more: json?",
  ]);
  const values = [{ value: "Ada" }, { value: true }, undefined, { value: [] }, { value: "red" }, undefined];
  expect(answerOf(formOf(schema), values)).toEqual({
    to: { name: "Ada" },
    urgent: true,
    tags: [],
    colour: "red",
  });
});

test("T21: a field that may be null and has to be there is null when it is skipped", () => {
  const form = formOf({ type: "object", required: ["a"], properties: { a: { type: ["string", "null"] } } });
  expect(answerOf(form, [undefined])).toEqual({ a: null });
});

test.each([
  [undefined, "open"],
  [{}, "open"],
  [{ type: "boolean" }, "choice"],
  [{ enum: ["a", 1, null] }, "choice"],
  [{ type: "string", maxLength: 3 }, "text"],
  [{ type: "array", items: { type: "object" } }, "json"],
  [{ anyOf: [{ type: "string" }, { type: "object" }] }, "json"],
  [{ type: "object", properties: {} }, "json"],
  [{ type: "object" }, "json"],
  [{ enum: Array.from({ length: 201 }, (_, at) => at) }, "json"],
  [{ $ref: "#/$defs/Gone" }, "json"],
] as const)("T21: the whole answer is one field: %j is %s", (schema, type) => {
  const form = formOf(schema);
  expect(isWhole(form)).toBe(true);
  expect(form.fields[0]?.kind.type).toBe(type);
});

test("T21: a schema that refers to itself, is deep, or has many fields is written as JSON, and ends", () => {
  const round = { $ref: "#/$defs/A", $defs: { A: { anyOf: [{ type: "null" }, { $ref: "#/$defs/A" }] } } };
  expect(kinds(round)).toEqual(["answer: json"]);
  let deep: Record<string, unknown> = { type: "string" };
  for (let at = 0; at < 50; at++) deep = { type: "object", required: ["in"], properties: { in: deep } };
  expect(kinds(deep)).toEqual(["in.in.in: json"]);
  const properties = Object.fromEntries(
    Array.from({ length: 25 }, (_, at) => [`field${at}`, { type: "string" }]),
  );
  expect(kinds({ type: "object", properties })).toEqual(["answer: json"]);
});

test("T21: a property of any name is one of the answer, and of nothing else", () => {
  const properties = JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}') as object;
  const form = formOf({ type: "object", required: ["__proto__", "constructor"], properties });
  const answer = answerOf(form, [{ value: "a" }, { value: "b" }]) as object;
  expect(Object.entries(answer)).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
  expect(({} as { a?: unknown }).a).toBeUndefined();
  expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
});

test("a choice is shown by its title, and answered by its value", () => {
  const form = formOf({
    oneOf: [{ const: "w", title: "Window" }, { const: "a", title: "Aisle" }, { const: "x" }],
  });
  expect(form.fields[0]!.kind).toEqual({
    type: "choice",
    options: [
      { label: "Window", value: "w" },
      { label: "Aisle", value: "a" },
      { label: "x", value: "x" },
    ],
  });
});

test("T21: a field that only one answer needs says which, and may be skipped for the others", () => {
  const content = { type: "object", properties: { city: { type: "string" }, nights: { type: "integer" } } };
  const action = { enum: ["accept", "decline"], default: "accept" };
  const then = { properties: { content: { required: ["city"] } } };
  const asked = { type: "object", required: ["content"], properties: { action, content } };
  const neededIn = (schema: Record<string, unknown>): readonly unknown[] =>
    formOf(schema).fields.map(({ label, optional, neededFor }) => [label, optional, neededFor]);

  const accepted = { ...asked, if: { properties: { action: { const: "accept" } } }, then };
  expect(neededIn(accepted)).toEqual([
    ["action", true, undefined],
    ["content.city", true, "accept"],
    ["content.nights", true, undefined],
  ]);
  for (const odd of [
    { if: true },
    { if: { properties: {} } },
    { if: { properties: { action: { const: 1 } } } },
  ])
    expect(neededIn({ ...asked, ...odd, then })).toEqual(neededIn(asked));
});
