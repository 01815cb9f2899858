import { fileURLToPath } from "node:url";
import type { Json } from "@orch/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { generate } from "../../model/generate.ts";
import type { AssistantMessage, Message, ToolResultPart } from "../../words/message.ts";
import { textOf, userMessage } from "../../words/message.ts";
import type { FinishEvent, JsonSchema, ModelRequest, ToolSpec } from "../../words/model.ts";
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

  test("calls tools that fit equally well one after the other, if each is named by a word of its own", async () => {
    const time = specOf("get_time", "Tells the time of a city.", z.object({ city: z.string() }));
    const both = [time, weather];
    const request = "What is the weather and the time in Oslo?";
    expect(callOf(await ask(request, { tools: both }))?.name).toBe("get_weather");
    const messages = afterTool(request, { name: "get_weather", output: "rain" });
    expect(callOf(await generate(model, { messages, tools: both, signal }))?.name).toBe("get_time");
    expect(callOf(await ask("Which city is in Oslo?", { tools: both }))).toBeUndefined();
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
