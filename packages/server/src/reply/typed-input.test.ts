import type { JsonSchema } from "@orch/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { typedInput } from "./typed-input.ts";

const said = (text: string) => [
  { role: "system", text: "Be short." },
  { role: "user", text },
];
const shape = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema) as JsonSchema;
const point = shape(z.object({ x: z.number(), y: z.number() }));

it.each([
  ["the text where nothing is known of the input", undefined, "hello", "hello"],
  ["the text where a text is wanted, also if it is JSON", shape(z.string()), "[1]", "[1]"],
  ["JSON where an object is wanted", point, '{"x":1,"y":2}', { x: 1, y: 2 }],
  [
    "the text as the only required field",
    shape(z.object({ topic: z.string() })),
    "tides",
    { topic: "tides" },
  ],
  ["the text as it is where it fits nothing, for the schema to refuse", point, "hello", "hello"],
  ["a number", shape(z.number()), "7", 7],
])("takes %s", (_, schema, text, input) => {
  expect(typedInput(schema, said(text))).toEqual(input);
});

it("takes all messages where the input has messages", () => {
  const messages = z.array(z.object({ role: z.string(), content: z.string() }));
  expect(typedInput(shape(z.object({ messages })), said("hello"))).toEqual({
    messages: [
      { role: "system", content: "Be short." },
      { role: "user", content: "hello" },
    ],
  });
});
