import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { Json } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import fc from "fast-check";
import { toStrictJsonSchema } from "openai/lib/transform";
import * as v from "valibot";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { budget, figure } from "../../../scripts/lanes.ts";
import { agent } from "../src/agent/agent.ts";
import { tool } from "../src/agent/tool.ts";
import { messagesRequest } from "../src/providers/anthropic/request.ts";
import { responsesRequest } from "../src/providers/openai/request.ts";
import { compatOf } from "../src/providers/openai-compatible/compat.ts";
import { chatRequest } from "../src/providers/openai-compatible/request.ts";
import { runAgent } from "../src/run/runner.ts";
import { grammarSchema } from "../src/schema/grammar-schema.ts";
import { toStrict } from "../src/schema/schema.ts";
import { isRecursive } from "../src/schema/size.ts";
import type { ModelCaps, ModelRequest } from "../src/words/model.ts";
import { accepts, writtenStrictly } from "./json-schema-check.ts";
import { matrix, type Row } from "./schema-matrix.ts";

let cases = 0;
afterAll(() => {
  figure(`schemas: ${Object.keys(matrix).length} constructs, ${cases} cases`);
});

interface Wanted {
  readonly json: Json;
  readonly gives: unknown;
}

async function goodOf({ schema, good }: Row): Promise<readonly Wanted[]> {
  return Promise.all(
    good.map(async (one) =>
      typeof one === "object" && one !== null && !Array.isArray(one) && "json" in one
        ? (one as Wanted)
        : { json: one as Json, gives: await schema.parseAsync(one) },
    ),
  );
}

/** What a tool gets for these arguments, or what the model is told instead. */
async function asArguments(schema: z.ZodType, input: Json): Promise<{ got: unknown } | { told: string }> {
  const got: unknown[] = [];
  const give = tool({
    name: "give",
    description: "x",
    input: schema,
    invoke: (value) => void got.push(value),
  });
  const model = scriptedModel([{ calls: [{ name: "give", input: JSON.stringify(input) }] }, "done"]);
  const { messages } = await runAgent(agent({ name: "a", model, tools: [give] }), "go");
  cases++;
  if (got.length > 0) return { got: got[0] };
  const result = messages.flatMap((message) => (message.role === "tool" ? message.content : []))[0];
  expect(result?.isError).toBe(true);
  return { told: String(result?.output) };
}

const WAYS: { readonly [way: string]: Partial<ModelCaps> } = {
  natively: {},
  "by a tool": { output: "tool" },
  "by the prompt": { output: "prompt" },
};

/** What a run gives for this answer, or that it is invalid. */
async function asOutput(
  schema: z.ZodType,
  value: Json,
  caps: Partial<ModelCaps>,
): Promise<{ got: unknown } | { told: string }> {
  const text = JSON.stringify(value);
  const step = caps.output === "tool" ? { calls: [{ name: "final_answer", input: text }] } : { text };
  const model = scriptedModel([step], { caps });
  const result = await runAgent(agent({ name: "a", model, output: schema, outputRetries: 0 }), "go");
  cases++;
  if (result.stopReason === "done") return { got: result.output };
  expect(result.stopReason).toBe("invalid-output");
  return { told: result.rawOutput ?? "" };
}

describe.each(Object.entries(matrix))("%s", (_construct, row) => {
  const sent = toStrict(row.schema);

  it("is sent strictly where it can be, else with a warning that names the place", () => {
    expect(sent.schema["type"]).toBe("object");
    expect(sent.strict).toBe(row.hint === undefined);
    if (row.hint === undefined) expect(sent.warnings).toEqual([]);
    else expect(sent.warnings.join("; ")).toMatch(row.hint);
    expect(JSON.stringify(sent)).not.toContain("x-orch");
  });

  it("is a schema that both providers' own SDKs leave as it is", () => {
    if (!sent.strict) return;
    expect(toStrictJsonSchema(structuredClone(sent.schema))).toEqual(sent.schema);
    const grammar = grammarSchema(sent.schema);
    expect(transformJSONSchema(structuredClone(grammar) as never)).toEqual(grammar);
  });

  it("takes values as a tool's arguments, strictly written and not", async () => {
    for (const { json, gives } of await goodOf(row)) {
      if (sent.strict) {
        const written = writtenStrictly(sent.schema, wrapped(sent.schema, sent.plain, json));
        if (row.bad.length > 0 && !lenient(json, gives)) expect(accepts(sent.schema, written)).toBe(true);
        expect(await asArguments(row.schema, written)).toEqual({ got: gives });
      }
      expect(await asArguments(row.schema, wrapped(sent.schema, sent.plain, json))).toEqual({ got: gives });
      expect(await asArguments(row.schema, json)).toEqual({ got: gives });
    }
    for (const json of row.bad) expect(await asArguments(row.schema, json)).toHaveProperty("told");
  });

  it.each(Object.keys(WAYS))(
    "gives values as structured output %s, strictly written and not",
    async (way) => {
      for (const { json, gives } of await goodOf(row)) {
        const whole = wrapped(sent.schema, sent.plain, json);
        for (const written of [whole, json, ...(sent.strict ? [writtenStrictly(sent.schema, whole)] : [])])
          expect(await asOutput(row.schema, written, WAYS[way]!)).toEqual({ got: gives });
      }
      for (const json of row.bad) expect(await asOutput(row.schema, json, WAYS[way]!)).toHaveProperty("told");
    },
  );

  it("goes into the body of every provider, enforced only where it may be", () => {
    const request: ModelRequest = {
      messages: [{ role: "user", content: [{ type: "text", text: "go" }] }],
      tools: [{ name: "give", description: "x", schema: sent.schema, strict: sent.strict }],
      output: { name: "answer", schema: sent.schema, strict: sent.strict },
      signal: new AbortController().signal,
    };
    const id = { provider: "p", model: "m" };
    const caps = scriptedModel([]).caps;
    const openai = responsesRequest(request, { ...id, api: "responses" }, caps).body;
    expect(openai.tools?.[0]).toMatchObject({ strict: sent.strict, parameters: sent.schema });
    expect(openai.text?.format).toMatchObject({ strict: sent.strict, schema: sent.schema });
    const chat = chatRequest(request, { ...id, api: "chat-completions" }, caps, compatOf("openai")).body;
    expect(chat.tools?.[0]).toMatchObject({ function: { strict: sent.strict, parameters: sent.schema } });
    const settings = { thinking: "adaptive" } as const;
    const messages = messagesRequest(request, { ...id, api: "messages" }, caps, settings).body;
    const enforced = sent.strict && !isRecursive(sent.schema);
    expect(messages.tools?.[0]).toMatchObject({ input_schema: { type: "object" } });
    expect(messages.tools?.[0] && "strict" in messages.tools[0]).toBe(enforced);
    cases += 3;
  });
});

/** Values that a model under the strict schema would not write, and that are taken from others. */
function lenient(json: Json, gives: unknown): boolean {
  return (
    JSON.stringify(json) === '{"n":7}' ||
    (typeof gives === "object" && gives !== null && "n" in gives && gives.n === 3)
  );
}

/** A root that is not an object stands under `value`. */
function wrapped(
  schema: { readonly [key: string]: Json },
  plain: { readonly [key: string]: Json },
  json: Json,
): Json {
  return schema["properties"] !== undefined &&
    plain["properties"] === undefined &&
    "value" in (schema["properties"] as object)
    ? { value: json }
    : json;
}

describe("Anthropic", () => {
  const ask = (schema: z.ZodType): ReturnType<typeof scriptedModel> => {
    const caps: Partial<ModelCaps> = { output: "native", outputWithTools: true };
    const model = scriptedModel(
      [{ calls: [{ name: "final_answer", input: '{"name":"a"}' }] }, '{"name":"a"}'],
      { caps },
    );
    const asked = { ...model, id: { ...model.id, api: "messages" } };
    return Object.assign(asked, {
      run: () => runAgent(agent({ name: "a", model: asked, output: schema }), "go"),
    });
  };

  it("is asked by a tool for what it cannot compile: a schema that refers to itself, a record", async () => {
    const tree = z.object({
      name: z.string(),
      get next() {
        return tree.optional();
      },
    });
    for (const schema of [
      tree,
      z.object({ name: z.string(), more: z.record(z.string(), z.int()).optional() }),
    ]) {
      const model = ask(schema) as ReturnType<typeof ask> & { run: () => ReturnType<typeof runAgent> };
      expect(await model.run()).toMatchObject({ stopReason: "done", output: { name: "a" } });
      expect(model.requests[0]).not.toHaveProperty("output");
      expect(model.requests[0]?.tools?.[0]?.name).toBe("final_answer");
    }
  });

  it("is told limits in words", () => {
    const schema = toStrict(
      z.object({ n: z.int().min(1).max(9), s: z.string().min(2).nullable(), l: z.array(z.string()).max(3) }),
    );
    expect(grammarSchema(schema.schema)["properties"]).toEqual({
      n: { type: "integer", description: "At least 1. At most 9." },
      s: { anyOf: [{ type: "string", description: "At least 2 characters." }, { type: "null" }] },
      l: { type: "array", items: { type: "string" }, description: "At most 3 items." },
    });
  });
});

describe("schemas of other libraries", () => {
  const plain = v.object({ city: v.string(), days: v.optional(v.pipe(v.number(), v.integer()), 3) });

  it("are taken when they offer Standard JSON Schema", async () => {
    const schema = toStandardJsonSchema(plain);
    expect(toStrict(schema)).toMatchObject({ strict: true, schema: { required: ["city", "days"] } });
    const model = scriptedModel([{ value: { city: "Oslo", days: null } }]);
    const result = await runAgent(agent({ name: "a", model, output: schema }), "go");
    expect(result.output).toEqual({ city: "Oslo", days: 3 });
  });

  it("are refused where they are given, with the way out, when they do not", () => {
    const wrong = expect.objectContaining({
      code: "ORCH_SCHEMA",
      fix: expect.stringContaining("toStandardJsonSchema"),
    });
    expect(() => tool({ name: "t", description: "x", input: plain, invoke: () => "" })).toThrow(wrong);
    expect(() => agent({ name: "a", output: plain })).toThrow(wrong);
  });
});

const keys = fc.constantFrom("a", "b", "kind", "value", "$ref", "properties", "type", "x-orch");

/** A schema, values that fit it, and whether `null` does: then a model cannot say "left out". */
type Sort = readonly [schema: z.ZodType, values: fc.Arbitrary<unknown>, takesNull: boolean];

const SCALARS: readonly Sort[] = [
  [z.string(), fc.string(), false],
  [z.int(), fc.integer(), false],
  [z.boolean(), fc.boolean(), false],
  [z.null(), fc.constant(null), true],
  [z.enum(["a", "b"]), fc.constantFrom("a", "b"), false],
  [z.literal(7), fc.constant(7), false],
];

const sorts: fc.Arbitrary<Sort> = fc.letrec<{ node: Sort }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(...SCALARS),
    tie("node").map(([schema, value]): Sort => [z.array(schema), fc.array(value, { maxLength: 3 }), false]),
    tie("node").map(([schema, value]): Sort => [schema.nullable(), fc.option(value), true]),
    tie("node").map(
      ([schema, value]): Sort => [
        z.record(z.string(), schema),
        fc.dictionary(keys, value, { maxKeys: 3 }),
        false,
      ],
    ),
    fc.tuple(tie("node"), tie("node")).map(([[a, one], [b, two, takesNull]]): Sort => {
      const first = z.object({ kind: z.literal("a"), a });
      const second = z.object({ kind: z.literal("b"), b: takesNull ? b : b.optional() });
      const requiredKeys: ("kind" | "b")[] = takesNull ? ["kind", "b"] : ["kind"];
      return [
        z.discriminatedUnion("kind", [first, second]),
        fc.oneof(
          fc.record({ kind: fc.constant("a"), a: one }),
          fc.record({ kind: fc.constant("b"), b: two }, { requiredKeys }),
        ),
        false,
      ];
    }),
    fc.dictionary(keys, fc.tuple(tie("node"), fc.boolean()), { maxKeys: 4 }).map((shape): Sort => {
      const entries = Object.entries(shape).map(
        ([key, [sort, wanted]]) => [key, sort, wanted || sort[2]] as const,
      );
      const fields = entries.map(([key, [schema], required]) => [key, required ? schema : schema.optional()]);
      const values = Object.fromEntries(entries.map(([key, [, value]]) => [key, value]));
      const requiredKeys = entries.filter(([, , required]) => required).map(([key]) => key);
      return [z.object(Object.fromEntries(fields)), fc.record(values, { requiredKeys }), false];
    }),
  ),
})).node;

it("any schema gives back what was meant, strictly written and not", async () => {
  const RUNS = budget("randomSchemas");
  await fc.assert(
    fc.asyncProperty(
      sorts.chain(([schema, values]) => values.map((value) => ({ schema, value }))),
      async ({ schema, value }) => {
        const sent = toStrict(schema);
        const whole = wrapped(sent.schema, sent.plain, value as Json);
        const wanted = await schema.parseAsync(value);
        expect(await schema.parseAsync(sent.restore(whole))).toEqual(wanted);
        if (!sent.strict) return;
        const written = writtenStrictly(sent.schema, whole);
        expect(accepts(sent.schema, written)).toBe(true);
        expect(await schema.parseAsync(sent.restore(written))).toEqual(wanted);
        expect(toStrictJsonSchema(structuredClone(sent.schema))).toEqual(sent.schema);
      },
    ),
    { numRuns: RUNS },
  );
  cases += RUNS;
});
