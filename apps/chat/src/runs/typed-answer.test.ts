import { expect, test } from "vitest";
import { z } from "zod";
import { typedAnswer } from "./typed-answer.ts";

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema) as { readonly [key: string]: unknown };
const wanted = (text: string, schema: z.ZodType): string => {
  try {
    return `took ${JSON.stringify(typedAnswer(text, "q", schemaOf(schema)))}`;
  } catch (error) {
    return (error as { readonly fix: string }).fix;
  }
};

test.each<[string, z.ZodType, unknown]>([
  ["yes", z.boolean(), true],
  [" No ", z.boolean(), false],
  ["yes", z.string(), "yes"],
  ["12", z.number(), 12],
  ["12", z.string(), "12"],
  ["12", z.union([z.number(), z.null()]), 12],
  ["null", z.union([z.number(), z.null()]), null],
  ["mail", z.enum(["mail", "letter"]), "mail"],
  [
    '{"by":"mail"}',
    z.object({ by: z.enum(["mail", "letter"]), note: z.string().optional() }),
    { by: "mail" },
  ],
  ["[1]", z.array(z.number()), [1]],
  ["yes", z.union([z.boolean(), z.object({ deny: z.string() })]), true],
  ['{"deny":"why"}', z.union([z.boolean(), z.object({ deny: z.string() })]), { deny: "why" }],
  ["{}", z.any(), "{}"],
])("%j is read as the form of the answer says", (text, schema, value) => {
  expect(typedAnswer(text, "q", schemaOf(schema))).toEqual(value);
});

test("a text without a form is read as what it says most plainly", () => {
  expect(["y", "[1]", "tomorrow"].map((text) => typedAnswer(text, "q", undefined))).toEqual([
    true,
    [1],
    "tomorrow",
  ]);
});

test("what does not fit is told in words", () => {
  expect(wanted("maybe", z.boolean())).toBe("Answer with yes or no.");
  expect(wanted("pigeon", z.enum(["mail", "letter"]))).toBe('Answer with one of "mail", "letter".');
  expect(wanted("1.5", z.int())).toBe("Answer with an integer.");
  expect(wanted('{"by":"pigeon"}', z.object({ by: z.enum(["mail"]), now: z.boolean().optional() }))).toBe(
    'Answer with a JSON object with by (one of "mail") and now (true or false, which may be left out).',
  );
  expect(wanted("no idea", z.union([z.number(), z.null()]))).toBe("Answer with a number, or null.");
});
