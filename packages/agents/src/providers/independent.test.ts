import { LLMock } from "@copilotkit/aimock";
import { manualClock } from "@orch/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ask, wires } from "../../test/wires.ts";
import { generate } from "../model/generate.ts";
import type { AssistantMessage, Message, ToolCallPart } from "../words/message.ts";
import { textOf, userMessage } from "../words/message.ts";
import type { ModelEvent, ToolSpec } from "../words/model.ts";
import { withRetry } from "./wrappers/retry-model.ts";

/** A server that nobody here wrote speaks all three wire formats. */
const mock = new LLMock({ port: 0, logLevel: "silent" });
beforeAll(async () => {
  await mock.start();
});
afterAll(async () => {
  await mock.stop();
});
afterEach(() => {
  mock.reset();
});

const weather: ToolSpec = {
  name: "weather",
  description: "The weather of a city.",
  schema: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

const calls = (message: AssistantMessage): readonly ToolCallPart[] =>
  message.content.filter((part) => part.type === "tool-call");

/** What went over the wire: the server's own journal keeps a translation. */
const sent: string[] = [];
const recording: typeof fetch = (input, init) => {
  sent.push(String(init?.body));
  return fetch(input, init);
};
const lastBody = (): string => sent.at(-1) ?? "";

describe.each(wires)("$name", (wire) => {
  test("streams text", async () => {
    mock.on({ userMessage: "hello" }, { content: "Good morning to you." }, { chunkSize: 3 });
    const events: ModelEvent[] = [];
    for await (const event of wire.make(mock.url).stream(ask("hello"))) events.push(event);
    const finish = events.at(-1);
    expect(finish?.type === "finish" && textOf(finish.message)).toBe("Good morning to you.");
    expect(finish?.type === "finish" && finish.message.finish.reason).toBe("stop");
    expect(events.filter((event) => event.type === "text").length).toBeGreaterThan(3);
  });

  test("streams parallel calls, and answers after their results", async () => {
    mock.on({ userMessage: "weather", hasToolResult: true }, { content: "21C and 25C." });
    mock.on(
      { userMessage: "weather", hasToolResult: false },
      {
        toolCalls: [
          { id: "call_a", name: "weather", arguments: { city: "Oslo" } },
          { id: "call_b", name: "weather", arguments: { city: "Rome" } },
        ],
      },
    );
    const model = wire.make(mock.url);
    const first = await generate(model, ask("weather", { tools: [weather] }));
    expect(first.message.finish.reason).toBe("tool-calls");
    expect(calls(first.message).map(({ id, input }) => [id, input])).toEqual([
      ["call_a", { city: "Oslo" }],
      ["call_b", { city: "Rome" }],
    ]);
    const results: Message = {
      role: "tool",
      content: calls(first.message).map(({ id, name }) => ({
        type: "tool-result",
        id,
        name,
        output: "sunny",
      })),
    };
    const messages = [userMessage("weather"), first.message, results];
    const second = await generate(model, ask("", { messages, tools: [weather] }));
    expect(textOf(second.message)).toBe("21C and 25C.");
    expect(second.message.finish.reason).toBe("stop");
  });

  test("sends the schema of the answer in the provider's own way", async () => {
    mock.on({ userMessage: "person" }, { content: '{"name":"Ada"}' });
    const schema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] } as const;
    const output = { name: "person", schema, strict: true };
    const { message } = await generate(wire.make(mock.url, { fetch: recording }), ask("person", { output }));
    expect(JSON.parse(textOf(message))).toEqual({ name: "Ada" });
    expect(lastBody()).toContain("json_schema");
  });

  test("waits as long as a 429 asks, by the clock, and then gets its answer", async () => {
    mock.on(
      { userMessage: "busy", sequenceIndex: 0 },
      { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 7 },
    );
    mock.on({ userMessage: "busy", sequenceIndex: 1 }, { content: "here" });
    const clock = manualClock();
    const told = Promise.withResolvers<number>();
    const model = withRetry(wire.make(mock.url), {
      clock,
      random: () => 0,
      onRetry: ({ delay }) => told.resolve(delay),
    });
    const answer = generate(model, ask("busy"));
    expect(await told.promise).toBe(7_000);
    await clock.advance(6_999);
    expect(mock.getRequests()).toHaveLength(1);
    await clock.advance(1);
    expect(textOf((await answer).message)).toBe("here");
    expect(mock.getRequests()).toHaveLength(2);
  });

  test("marks an answer that is cut in the middle, and does not ask again", async () => {
    mock.on(
      { userMessage: "cut" },
      { content: "one two three four five six" },
      { chunkSize: 4, truncateAfterChunks: 5, latency: 5 },
    );
    const { message } = await generate(withRetry(wire.make(mock.url)), ask("cut"));
    expect(message.finish).toMatchObject({ reason: "interrupted", error: { kind: "cut" } });
    expect("one two three four five six").toContain(textOf(message));
    expect(mock.getRequests()).toHaveLength(1);
  });

  test("runs no call of an answer that is cut in the middle of one", async () => {
    mock.on(
      { userMessage: "cutcall" },
      { toolCalls: [{ id: "call_a", name: "weather", arguments: { city: "Llanfairpwllgwyngyll" } }] },
      { chunkSize: 6, truncateAfterChunks: 4, latency: 5 },
    );
    const { message } = await generate(wire.make(mock.url), ask("cutcall", { tools: [weather] }));
    expect(message.finish.reason).toBe("interrupted");
    expect(calls(message).filter((call) => call.input !== undefined)).toEqual([]);
  });

  test("lets an abort end a slow answer", async () => {
    mock.on({ userMessage: "slow" }, { content: "abcdefghijklmnop" }, { chunkSize: 2, latency: 20 });
    const controller = new AbortController();
    let message: AssistantMessage | undefined;
    for await (const event of wire.make(mock.url).stream(ask("slow", { signal: controller.signal }))) {
      if (event.type === "text") controller.abort();
      if (event.type === "finish") message = event.message;
    }
    expect(message?.finish.reason).toBe("aborted");
    expect(textOf(message!).length).toBeGreaterThan(0);
  });
});

test("Anthropic's thinking goes back with its signature", async () => {
  const wire = wires.find(({ name }) => name === "anthropic")!;
  mock.on({ userMessage: "think" }, { content: "4", reasoning: "two plus two", reasoningSignature: "sig-1" });
  mock.on({ userMessage: "again" }, { content: "ok" });
  const model = wire.make(mock.url, { fetch: recording });
  const request = ask("think", { reasoning: "low" });
  const { message } = await generate(model, request);
  expect(message.content[0]).toMatchObject({
    type: "reasoning",
    text: "two plus two",
    opaque: { signature: "sig-1" },
  });
  await generate(model, { ...request, messages: [...request.messages, message, userMessage("again")] });
  expect(JSON.parse(lastBody()).messages[1].content).toEqual([
    { type: "thinking", thinking: "two plus two", signature: "sig-1" },
    { type: "text", text: "4" },
  ]);
});

test("OpenAI's reasoning item goes back to the model that wrote it, and not to another", async () => {
  const wire = wires.find(({ name }) => name === "openai")!;
  mock.on({ userMessage: "think" }, { content: "4", reasoning: "two plus two" });
  mock.on({ userMessage: "again" }, { content: "ok" });
  const model = wire.make(mock.url, { fetch: recording });
  const { message } = await generate(model, ask("think"));
  expect(message.content[0]).toMatchObject({ type: "reasoning", text: "two plus two" });
  const itemId = message.content[0]?.type === "reasoning" ? String(message.content[0].opaque?.["id"]) : "";
  expect(itemId).not.toBe("");
  const messages = [userMessage("think"), message, userMessage("again")];
  await generate(model, ask("", { messages }));
  expect(JSON.parse(lastBody()).input[1]).toMatchObject({ type: "reasoning", id: itemId });
  expect(JSON.parse(lastBody())).toMatchObject({ store: false, include: ["reasoning.encrypted_content"] });
  const other = wires.find(({ name }) => name === "anthropic")!.make(mock.url, { fetch: recording });
  await generate(other, ask("", { messages }));
  expect(lastBody()).not.toContain("two plus two");
});
