import { describe, expect, it } from "vitest";
import { z } from "zod";
import { questionForm } from "./question-form.ts";

const formOf = (schema: z.ZodType) => questionForm("?", z.toJSONSchema(schema) as never);
const one = (answer: object) => ({ type: "object", properties: { answer }, required: ["answer"] });

describe("the form of a question", () => {
  it.each([
    ["a text", z.string().max(5), { type: "string", maxLength: 5 }],
    ["a yes or no", z.boolean(), { type: "boolean" }],
    ["a number", z.number().min(1), { type: "number", minimum: 1 }],
    ["a choice", z.enum(["a", "b"]), { type: "string", enum: ["a", "b"] }],
    [
      "several of a choice",
      z.array(z.enum(["a"])),
      { type: "array", items: { type: "string", enum: ["a"] } },
    ],
    ["a known format", z.email(), { type: "string", format: "email" }],
  ])("has one field for %s", (_, schema, field) => {
    const { requestedSchema, read } = formOf(schema);
    expect(requestedSchema).toEqual(one(field));
    expect(read({ answer: 3 })).toBe(3);
  });

  it("has the fields of a flat object, and is the answer as it is", () => {
    const { requestedSchema, read } = formOf(z.object({ name: z.string(), age: z.int().optional() }));
    expect(Object.keys(requestedSchema["properties"] as object)).toEqual(["name", "age"]);
    expect(requestedSchema["required"]).toEqual(["name"]);
    expect(read({ name: "Ada" })).toEqual({ name: "Ada" });
  });

  it("asks for anything else as JSON, and leaves what is none to the run", () => {
    const { requestedSchema, read } = formOf(z.object({ inner: z.object({ deep: z.number() }) }));
    expect(requestedSchema["properties"]).toMatchObject({ answer: { type: "string" } });
    expect(read({ answer: '{"inner":{"deep":1}}' })).toEqual({ inner: { deep: 1 } });
    expect(read({ answer: "deep" })).toBe("deep");
  });

  it("asks for a yes or no where that is one of several answers, as for the approval of a tool", () => {
    const approval = z.union([z.boolean(), z.object({ approved: z.boolean(), reason: z.string() })]);
    expect(formOf(approval).requestedSchema).toEqual(one({ type: "boolean" }));
  });

  it("asks for a text where nothing is known of the answer", () => {
    expect(questionForm("?", undefined).requestedSchema).toEqual(one({ type: "string" }));
  });
});
