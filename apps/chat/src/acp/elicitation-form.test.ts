import { expect, test } from "vitest";
import { formOf } from "../questions/form.ts";
import { formSchema, valuesOf } from "./elicitation-form.ts";

const ORDER = {
  type: "object",
  required: ["size", "copies", "gift", "tags", "address"],
  properties: {
    size: { enum: ["small", "large"] },
    copies: { type: "integer", minimum: 1, maximum: 9, description: "How many" },
    gift: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    address: { type: "object", required: ["street"], properties: { street: { type: "string" } } },
    notes: { type: "string", maxLength: 10 },
  },
};

test("a form has one plain value for each field, and its answer is put together again", () => {
  const form = formOf(ORDER);
  const schema = formSchema(form);
  expect(schema).toMatchObject({
    type: "object",
    required: ["size", "copies", "gift", "tags", "address.street"],
    properties: {
      size: { type: "string", enum: ["small", "large"] },
      copies: { type: "integer", minimum: 1, maximum: 9, description: "How many" },
      gift: { type: "boolean" },
      tags: { type: "string", description: "texts with commas between, or one on each line" },
      "address.street": { type: "string" },
      notes: { type: "string", maxLength: 10 },
    },
  });
  const content = { size: "large", copies: 2, gift: false, tags: "a, b", "address.street": "Quay 1" };
  expect(valuesOf(form, content)).toEqual({
    values: [{ size: "large", copies: 2, gift: false, tags: ["a", "b"], address: { street: "Quay 1" } }],
  });
});

test("what is missing or does not fit is said in words", () => {
  const form = formOf(ORDER);
  const content = { size: "huge", copies: 2, gift: true, tags: "a", "address.street": "Quay 1" };
  expect(valuesOf(form, content)).toEqual({ problem: "size: small or large" });
  expect(valuesOf(form, {})).toHaveProperty("problem");
  expect(valuesOf(form, { ...content, size: "small", notes: "far too long for it" })).toEqual({
    problem: "notes: at most 10 characters, not 19",
  });
});

test("a question that is one value is a form of one field, with all that a text may mean", () => {
  expect(formSchema(formOf(undefined))).toMatchObject({ properties: { answer: { type: "string" } } });
  expect(valuesOf(formOf(undefined), { answer: "yes" })).toEqual({ values: ["yes", true] });
  expect(valuesOf(formOf({ type: "boolean" }), { answer: true })).toEqual({ values: [true] });
  expect(valuesOf(formOf({ type: "number" }), { answer: 1.5 })).toEqual({ values: [1.5] });
});

test("a field is read by its own name, and not by one that every object has", () => {
  const form = formOf({ type: "object", properties: { toString: { type: "string" } } });
  expect(valuesOf(form, {})).toEqual({ values: [{}] });
});
