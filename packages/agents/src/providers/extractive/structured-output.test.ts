import { fileURLToPath } from "node:url";
import { parseJson } from "@orch/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { generate } from "../../model/generate.ts";
import type { TextPart } from "../../words/message.ts";
import { systemMessage, textOf, userMessage } from "../../words/message.ts";
import type { FinishEvent, JsonSchema } from "../../words/model.ts";
import { extractive } from "./extractive.ts";

const root = fileURLToPath(new URL("./fixtures/docs", import.meta.url));
const model = extractive({ root });
const signal = new AbortController().signal;

const schemaOf = (type: z.ZodType): JsonSchema => z.toJSONSchema(type) as JsonSchema;

async function fill<T>(
  type: z.ZodType<T>,
  text: string,
  from = model,
): Promise<{ value: T; event: FinishEvent }> {
  const event = await generate(from, {
    messages: [userMessage(text)],
    output: { name: "answer", schema: schemaOf(type) },
    signal,
  });
  return { value: type.parse(parseJson(textOf(event.message))), event };
}

describe("structured output for research", () => {
  const plan = z.object({ topic: z.string(), queries: z.array(z.string()).min(1).max(4) });
  const finding = z.object({ path: z.string(), line: z.int().min(1), quote: z.string().min(1) });
  const report = z.object({
    title: z.string().min(1),
    summary: z.string().min(1),
    sections: z
      .array(z.object({ heading: z.string(), text: z.string(), citations: z.array(finding).min(1) }))
      .min(1),
  });
  const material = [
    "Write a report that answers the question from the material only.",
    "<question>How are failed parcels sent again?</question>",
    "<material>",
    "# Sending again",
    "docs/parcels.md:12: A failed parcel is sent again after two days.",
    "docs/parcels.md:13: The sender of the failed parcel pays nothing.",
    "",
    "# Costs",
    "docs/costs.md:40: Parcels that failed twice are sent again for a fee.",
    "",
    "docs/birds.md:4: Birds sleep at night.",
    "</material>",
  ].join("\n");

  test("plans two to four different queries of keywords", async () => {
    for (const question of [
      "How are failed states retried?",
      "What does an advancer do?",
      "How do I switch provider in the terminal chat?",
    ]) {
      const { value, event } = await fill(plan, `Plan the research.\n\nQuestion: ${question}`);
      expect(value.topic).toBe(question.replace("?", ""));
      expect(value.queries.length).toBeGreaterThanOrEqual(2);
      expect(new Set(value.queries).size).toBe(value.queries.length);
      expect(value.queries.join(" ")).not.toMatch(/\b(?:how|what|does|plan|research|the)\b/);
      expect(event.warnings).toBeUndefined();
    }
    const { value } = await fill(plan, "How are failed states retried?");
    expect(value.queries).toEqual(["failed states retried", "failed state retry", "failed states"]);
  });

  test("finds quotes with their places in the material", async () => {
    const { value, event } = await fill(z.object({ findings: z.array(finding) }), material);
    expect(value.findings[0]).toEqual({
      path: "docs/parcels.md",
      line: 12,
      quote: "A failed parcel is sent again after two days.",
    });
    expect(value.findings.map((one) => one.path)).not.toContain("docs/birds.md");
    expect(event.warnings).toBeUndefined();
    expect((await fill(z.array(finding), "How are failed states retried?")).value[0]?.path).toBe(
      "retries.md",
    );
  });

  test("reports by heading, with the question as the title and each quote cited", async () => {
    const { value, event } = await fill(report, material);
    expect(value.title).toBe("How are failed parcels sent again?");
    expect(value.summary).toContain("A failed parcel is sent again after two days. [docs/parcels.md:12]");
    expect(value.sections.map((section) => section.heading)).toEqual(["Sending again", "Costs"]);
    for (const section of value.sections) {
      for (const citation of section.citations) expect(section.text).toContain(citation.quote);
    }
    expect(event.warnings).toBeUndefined();
    expect((event.message.content[0] as TextPart).citations).not.toHaveLength(0);
  });

  test("keeps system instructions out of the question", async () => {
    const messages = [
      systemMessage("You plan research about birds and bees."),
      userMessage("What does an advancer do?"),
    ];
    const output = { name: "plan", schema: schemaOf(plan) };
    const { message } = await generate(model, { messages, output, signal });
    expect(textOf(message)).not.toContain("birds");
  });
});

describe("structured output in general", () => {
  const odd = z.object({
    kind: z.enum(["bug", "feature"]),
    count: z.int().min(3),
    author: z.string().nullable(),
    published: z.iso.date(),
    optional: z.boolean().optional(),
    supported: z.boolean(),
    problems: z.array(z.string()),
    at: z.tuple([z.string(), z.number()]),
    more: z.union([z.object({ text: z.string().max(30) }), z.string()]),
  });

  test("fits the schema, and warns of each field that nothing speaks for", async () => {
    const { value, event } = await fill(odd, "How are failed states retried?");
    expect(value).toMatchObject({
      kind: "bug",
      count: 3,
      published: "1970-01-01",
      supported: true,
      problems: [],
    });
    expect(Object.hasOwn(value, "optional")).toBe(false);
    expect(event.warnings).toEqual(["fields filled by default: kind, count, published, at[1]"]);
  });

  test("takes what the request mentions", async () => {
    const { value } = await fill(odd, "Is it a feature that 5 failed states are retried?");
    expect(value).toMatchObject({ kind: "feature", count: 5 });
  });

  test("takes the fields of what tools answered as JSON objects, where they fit", async () => {
    const type = z.object({
      city: z.string(),
      degrees: z.number(),
      rain: z.boolean(),
      wind: z.enum(["calm", "storm"]),
      hour: z.int(),
      inner: z.object({ degrees: z.number() }),
    });
    const result = (id: string, output: string) => ({ type: "tool-result", id, name: "t", output }) as const;
    const told = '{"city":"Oslo","degrees":12.5,"rain":true,"wind":"storm","hour":"noon"}';
    const { message, warnings } = await generate(model, {
      messages: [
        userMessage("weather in Oslo?"),
        { role: "tool", content: [result("1", '{"degrees":3}'), result("2", told)] },
      ],
      output: { name: "answer", schema: schemaOf(type) },
      signal,
    });
    expect(parseJson(textOf(message))).toEqual({
      city: "Oslo",
      degrees: 12.5,
      rain: true,
      wind: "storm",
      hour: 0,
      inner: { degrees: 0 },
    });
    expect(warnings).toEqual(["fields filled by default: hour, inner.degrees"]);
  });

  test("refuses instead of filling by default when it is strict", async () => {
    const strict = extractive({ root, fill: "strict" });
    const output = { name: "odd", schema: schemaOf(odd) };
    const { message } = await generate(strict, { messages: [userMessage("failed states?")], output, signal });
    expect(message.finish.reason).toBe("refusal");
    expect(message.content).toEqual([
      {
        type: "refusal",
        text: expect.stringMatching(
          /^Nothing in the files .* speaks for: kind, count, published, at\[1\]\.$/,
        ),
      },
    ]);
  });

  test("fills lists that must not be empty, and says so, where nothing is found", async () => {
    const { value, event } = await fill(
      z.object({ quotes: z.array(z.string()).min(2), title: z.string() }),
      "xyzzy quux",
    );
    expect(value).toEqual({ quotes: ["", ""], title: "xyzzy quux" });
    expect(event.warnings).toEqual(["fields filled by default: quotes[0], quotes[1]"]);
  });

  test("comes to an end on a schema that contains itself", async () => {
    interface Comment {
      text: string;
      replies: Comment[];
    }
    const comment: z.ZodType<Comment> = z.lazy(() =>
      z.object({ text: z.string(), replies: z.array(comment) }),
    );
    const { value } = await fill(comment, "How are failed states retried?");
    expect(value.replies.length).toBeGreaterThan(0);
    expect(value.replies[0]?.replies).toEqual([]);
  });
});
