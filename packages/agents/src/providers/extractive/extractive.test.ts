import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, type Json, parseJson } from "@orch/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { AssistantMessage, Message, TextPart, ToolResultPart } from "../../message.ts";
import { systemMessage, textOf, userMessage } from "../../message.ts";
import type { FinishEvent, JsonSchema, ModelEvent, ModelRequest, ToolSpec } from "../../model.ts";
import { generate } from "../../model.ts";
import { extractive } from "./extractive.ts";

const root = fileURLToPath(new URL("./fixtures/docs", import.meta.url));
const model = extractive({ root });
const signal = new AbortController().signal;

const ask = (text: string, more: Partial<ModelRequest> = {}): Promise<FinishEvent> =>
  generate(model, { messages: [userMessage(text)], signal, ...more });

const schemaOf = (type: z.ZodType): JsonSchema => z.toJSONSchema(type) as JsonSchema;
const specOf = (name: string, description: string, input: z.ZodType): ToolSpec => ({
  name,
  description,
  schema: schemaOf(input),
});

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

const callOf = (event: FinishEvent): { name: string; input: Json | undefined } | undefined => {
  const part = event.message.content[0];
  return part?.type === "tool-call" ? { name: part.name, input: part.input } : undefined;
};

function afterTool(request: string, result: Omit<ToolResultPart, "type" | "id">): readonly Message[] {
  const call: AssistantMessage = {
    role: "assistant",
    content: [{ type: "tool-call", id: "1", name: result.name, rawInput: "{}", input: {} }],
    origin: model.id,
    finish: { reason: "tool-calls" },
  };
  return [
    userMessage(request),
    call,
    { role: "tool", content: [{ type: "tool-result", id: "1", ...result }] },
  ];
}

describe("an answer in text", () => {
  test("quotes sentences with their places, in the text and as citations", async () => {
    const { message, usage } = await ask("How are failed states retried?");
    const part = message.content[0] as TextPart;
    expect(message.finish).toEqual({ reason: "stop" });
    expect(message.origin).toEqual({ provider: "local", api: "extractive", model: "extractive" });
    expect(part.text).toContain(
      "A failed state is tried again as often as its retry policy allows, with the same input and a fresh signal. [retries.md:8]",
    );
    expect(part.citations).toContainEqual({
      path: "retries.md",
      line: 8,
      title: "Failed states",
      quote:
        "A failed state is tried again as often as its retry policy allows, with the same input and a fresh signal.",
    });
    expect(usage.estimated).toBe(true);
    expect(usage.input).toBeGreaterThan(0);
  });

  test("streams one event per word, which together are the part, and finishes once and last", async () => {
    const events: ModelEvent[] = [];
    for await (const event of model.stream({ messages: [userMessage("What does an advancer do?")], signal }))
      events.push(event);
    const deltas = events.flatMap((event) => (event.type === "text" ? [event.delta] : []));
    const part = events.find((event) => event.type === "part");
    expect(deltas.join("")).toBe(
      part?.type === "part" && part.part.type === "text" ? part.part.text : undefined,
    );
    expect(deltas.every((delta) => delta.trim().split(/\s+/).length === 1)).toBe(true);
    expect(events[0]).toMatchObject({ type: "start" });
    expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("finish");
  });

  test("gives the same bytes for the same request, also from a model that starts afresh", async () => {
    for (const text of [
      "How do I switch provider?",
      "states",
      "retry policy of a model",
      "What is quoted?",
    ]) {
      const once = JSON.stringify(await ask(text));
      expect(JSON.stringify(await ask(text))).toBe(once);
      const messages = [userMessage(text)];
      expect(JSON.stringify(await generate(extractive({ root }), { messages, signal }))).toBe(once);
    }
  });

  test.each([
    "What is the capital of France?",
    "xyzzy frobnicate quux",
    "Who won the football match in Oslo yesterday?",
  ])("says that it found nothing for %j", async (question) => {
    const { message } = await ask(question);
    expect(textOf(message)).toMatch(
      /^I found nothing in the files about: .* I only quote; I do not guess\.$/,
    );
    expect((message.content[0] as TextPart).citations).toBeUndefined();
  });

  test.each([
    ["Hello!", /^Hello\./],
    ["hi there", /^Hello\./],
    ["Thanks!", /welcome/],
    ["what can you do?", /^I am not a language model\. .*quote/],
    ["", /^Ask a question/],
  ])("answers %j with a fixed sentence", async (request, expected) => {
    expect(textOf((await ask(request)).message)).toMatch(expected);
  });

  test("takes a question without words of its own as one about the question before", async () => {
    const first = await ask("How is a torn journal repaired?");
    const messages = [userMessage("How is a torn journal repaired?"), first.message, userMessage("And why?")];
    expect(textOf((await generate(model, { messages, signal })).message)).toContain("journal");
  });

  test("keeps to the tokens that are allowed and to stop sequences", async () => {
    const cut = await ask("How are failed states retried?", { maxOutputTokens: 5 });
    expect(textOf(cut.message).length).toBeLessThanOrEqual(20);
    expect(cut.message.finish.reason).toBe("length");
    const stopped = await ask("How are failed states retried?", { stop: ["policy"] });
    expect(textOf(stopped.message)).not.toContain("policy");
    expect(stopped.message.finish.reason).toBe("stop");
  });

  test("quotes other text files where no prose fits", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-quotes-"));
    await writeFile(join(folder, "README.md"), "# Nothing\n\nThis speaks of gardens.\n");
    await writeFile(
      join(folder, "sum.ts"),
      "// A sum of two integers, checked for overflow.\nexport const sum = 1;\n",
    );
    const { message } = await generate(extractive({ root: folder }), {
      messages: [userMessage("integers overflow")],
      signal,
    });
    expect(textOf(message)).toContain("[sum.ts:1]");
    await rm(folder, { recursive: true });
  });

  test("looks at the files again when the clock has moved a second", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-quotes-"));
    let now = 0;
    const clock: Clock = { now: () => now, after: () => () => {} };
    const own = extractive({ root: folder, clock });
    const apples = async (): Promise<string> =>
      textOf((await generate(own, { messages: [userMessage("Where do apples grow?")], signal })).message);
    expect(await apples()).toContain("There are no text files");
    await mkdir(join(folder, "docs"));
    await writeFile(join(folder, "docs", "a.md"), "Apples grow on trees.\n");
    expect(await apples()).toContain("There are no text files");
    now += 1000;
    expect(await apples()).toContain("Apples grow on trees. [docs/a.md:1]");
    await rm(folder, { recursive: true });
  });
});

describe("a stream that is cut short", () => {
  test("ends as aborted before it starts, with nothing said", async () => {
    const { message } = await ask("How are failed states retried?", { signal: AbortSignal.abort() });
    expect(message).toMatchObject({ content: [], finish: { reason: "aborted" } });
  });

  test("ends as aborted after any number of events, with what was said until then", async () => {
    const whole = textOf((await ask("How are failed states retried?")).message);
    for (let after = 1; after < 12; after++) {
      const controller = new AbortController();
      const events: ModelEvent[] = [];
      const request = {
        messages: [userMessage("How are failed states retried?")],
        signal: controller.signal,
      };
      for await (const event of model.stream(request)) {
        events.push(event);
        if (events.length === after) controller.abort();
      }
      const last = events.at(-1);
      const deltas = events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");
      expect(last?.type === "finish" && last.message.finish.reason).toBe("aborted");
      expect(last?.type === "finish" && textOf(last.message)).toBe(deltas);
      expect(whole.startsWith(deltas)).toBe(true);
      expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
    }
  });

  test("ends as an error, without throwing, when the folder is not there", async () => {
    const gone = extractive({ root: join(root, "nowhere") });
    const { message } = await generate(gone, { messages: [userMessage("states?")], signal });
    expect(message.finish).toMatchObject({ reason: "error", error: { kind: "not-found", retryable: false } });
  });
});

describe("material in the conversation", () => {
  const material = [
    "Question: How are failed parcels sent again?",
    "<material>",
    "docs/parcels.md:12: A failed parcel is sent again after two days.",
    "docs/parcels.md:13: The sender pays nothing for it.",
    "docs/birds.md:4: Birds sleep at night.",
    "</material>",
  ].join("\n");

  test("goes before the model's own files", async () => {
    const { message } = await ask(material);
    const part = message.content[0] as TextPart;
    expect(part.text).toContain("A failed parcel is sent again after two days. [docs/parcels.md:12]");
    expect(part.citations?.every((citation) => citation.path?.startsWith("docs/"))).toBe(true);
  });

  test("is read from the results of tools, with headings", async () => {
    const output =
      "# Parcels\ndocs/p.md:3: A failed parcel is sent again\ndocs/p.md:4: after two days.\n\ndocs/q.md:9: Other.";
    const messages = afterTool("How are failed parcels sent again?", { name: "search_files", output });
    const { message } = await generate(model, { messages, signal });
    expect((message.content[0] as TextPart).citations?.[0]).toEqual({
      path: "docs/p.md",
      line: 3,
      title: "Parcels",
      quote: "A failed parcel is sent again after two days.",
    });
  });

  test("is read from findings as JSON", async () => {
    const finding = { path: "x.md", line: 7, quote: "A failed parcel is sent again after two days." };
    const { message } = await ask(JSON.stringify({ topic: "failed parcels", findings: [finding] }));
    expect(textOf(message)).toBe("A failed parcel is sent again after two days. [x.md:7]");
  });

  test("names the tool where a result has no places", async () => {
    const messages = afterTool("weather in Oslo?", {
      name: "get_weather",
      output: "Oslo has 4 degrees and rain.",
    });
    const { message } = await generate(model, { messages, signal });
    expect(textOf(message)).toBe("Oslo has 4 degrees and rain. [tool:get_weather]");
  });

  test("leaves a failed or denied call as what it is", async () => {
    const failed = afterTool("weather in Oslo?", {
      name: "get_weather",
      output: "no network",
      isError: true,
    });
    expect(textOf((await generate(model, { messages: failed, signal })).message)).toBe(
      "The tool get_weather failed: no network",
    );
    const denied = afterTool("weather in Oslo?", {
      name: "get_weather",
      output: "no",
      isError: true,
      denied: true,
    });
    expect(textOf((await generate(model, { messages: denied, signal })).message)).toBe(
      "The call of get_weather was denied.",
    );
  });
});

describe("tools", () => {
  const weather = specOf("get_weather", "Tells the weather of a city.", z.object({ city: z.string() }));
  const search = specOf(
    "search_files",
    "Searches the text files of the folder.",
    z.object({ query: z.string(), limit: z.int().min(1).max(50).optional() }),
  );
  const read = specOf(
    "read_file",
    "Reads lines of one text file.",
    z.object({ path: z.string(), from: z.int().optional(), to: z.int().optional() }),
  );
  const list = specOf(
    "list_files",
    "Lists the text files of the folder.",
    z.object({ folder: z.string().optional() }),
  );
  const tools = [weather, search, read, list];

  test.each([
    ["weather in Oslo?", { name: "get_weather", input: { city: "Oslo" } }],
    ["What is the weather in New York today?", { name: "get_weather", input: { city: "New York" } }],
    ["Search the files for retry policies.", { name: "search_files", input: { query: "retry policies" } }],
    [
      "search the files, limit 5, for retry policies",
      { name: "search_files", input: { query: "retry policies", limit: 5 } },
    ],
    [
      "Read docs/retry.md from 3 to 9",
      { name: "read_file", input: { path: "docs/retry.md", from: 3, to: 9 } },
    ],
    ["List everything, please", { name: "list_files", input: {} }],
    ["/get_weather city=Bergen", { name: "get_weather", input: { city: "Bergen" } }],
    ['/get_weather city="New York"', { name: "get_weather", input: { city: "New York" } }],
    ["/search_files retry policy", { name: "search_files", input: { query: "retry policy" } }],
    ["/search_files query=retry limit=3", { name: "search_files", input: { query: "retry", limit: 3 } }],
    [
      '/search_files {"query": "retry", "limit": 3}',
      { name: "search_files", input: { query: "retry", limit: 3 } },
    ],
  ])("calls for %j", async (request, expected) => {
    const event = await ask(request, { tools });
    expect(callOf(event)).toEqual(expected);
    expect(event.message.finish.reason).toBe("tool-calls");
  });

  test.each(["weather?", "How are failed states retried?", "What is a text file?", "read it"])(
    "does not call for %j",
    async (request) => {
      expect(callOf(await ask(request, { tools }))).toBeUndefined();
    },
  );

  test("does not call when told not to, and calls what it is told to", async () => {
    expect(callOf(await ask("weather in Oslo?", { tools, toolChoice: "none" }))).toBeUndefined();
    expect(callOf(await ask("retry policies", { tools, toolChoice: { name: "search_files" } }))).toEqual({
      name: "search_files",
      input: { query: "retry policies" },
    });
    expect(callOf(await ask("hm", { tools: [weather], toolChoice: "required" }))).toBeUndefined();
  });

  test("says what an explicit call lacks", async () => {
    expect(textOf((await ask("/get_weather", { tools })).message)).toBe("/get_weather needs city=...");
    expect(textOf((await ask("/get_wether city=x", { tools: [weather] })).message)).toBe(
      'There is no tool "get_wether". There are: /get_weather.',
    );
    expect(textOf((await ask("/get_weather {city}", { tools })).message)).toMatch(/not a JSON object/);
  });

  test("calls a tool once in a turn, and another one for the rest of the request", async () => {
    const request = "weather in Oslo, and search the files for umbrellas";
    const first = await ask(request, { tools: [weather, search] });
    const results = afterTool(request, { name: callOf(first)!.name, output: "fine" });
    const second = await generate(model, { messages: results, tools: [weather, search], signal });
    expect([callOf(first)?.name, callOf(second)?.name].sort()).toEqual(["get_weather", "search_files"]);
    const answered = afterTool("weather in Oslo?", { name: "get_weather", output: "Rain in Oslo all day." });
    expect(callOf(await generate(model, { messages: answered, tools, signal }))).toBeUndefined();
  });

  test("hands over to the agent whose description fits", async () => {
    const handoffs = [
      specOf("transfer_to_billing", "Refunds and invoices.", z.object({})),
      specOf("transfer_to_support", "Broken devices.", z.object({})),
    ];
    expect(callOf(await ask("I want a refund", { tools: handoffs }))?.name).toBe("transfer_to_billing");
    expect(callOf(await ask("my device is broken", { tools: handoffs }))?.name).toBe("transfer_to_support");
  });

  test("numbers its calls over the whole conversation", async () => {
    const messages = [
      ...afterTool("weather in Oslo?", { name: "get_weather", output: "Rain." }),
      userMessage("weather in Rome?"),
    ];
    const event = await generate(model, { messages, tools, signal });
    expect(event.message.content[0]).toMatchObject({ id: "local_2", rawInput: '{"city":"Rome"}' });
  });
});

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
