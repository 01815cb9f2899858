/** Cases about texts, reasoning, structured answers and what they used. */
import { generate, textOf, userMessage } from "@orch/agents";
import { parseJson } from "@orch/core";
import { expect } from "vitest";
import { answerOf, ask, eventsOf, finishOf, type ModelCase, weather } from "./model-case.ts";

const WORDS = "Grüße, 世界! 👩‍👩‍👧 e\u0301 \u{1F3D4} ok";

/** What a model says, and how it comes. */
export const answerCases: readonly ModelCase[] = [
  {
    title: "is text",
    scene: { answers: [{ text: "Good morning to you." }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hello"));
      expect(textOf(message)).toBe("Good morning to you.");
      expect(message.finish).toMatchObject({ reason: "stop" });
      expect(message.finish.error).toBeUndefined();
    },
  },
  {
    title: "ends well, whatever it says",
    scene: { answers: [{ text: "An advancer moves the machine." }], anyWords: true },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("What does an advancer do?"));
      expect(message.finish.reason).toBe("stop");
      expect(textOf(message)).toMatch(/\S/);
    },
  },
  {
    title: "comes in pieces that make up the whole",
    scene: { answers: [{ text: "one two three four five six seven eight" }] },
    run: async ({ model }) => {
      const events = await eventsOf(model, ask("count"));
      const deltas = events.flatMap((event) => (event.type === "text" ? [event.delta] : []));
      expect(deltas.length).toBeGreaterThan(1);
      expect(deltas.join("")).toBe("one two three four five six seven eight");
    },
  },
  {
    title: "is the same when it is asked for at once",
    scene: { answers: [{ text: "Twice the same." }] },
    run: async ({ model }) => {
      const streamed = await answerOf(model, ask("hi"));
      const generated = await generate(model, ask("hi"));
      expect(textOf(generated.message)).toBe(textOf(streamed.message));
      expect(generated.message.finish).toEqual(streamed.message.finish);
    },
  },
  {
    title: "keeps letters whole where bytes are cut",
    scene: {
      answers: [
        {
          text: WORDS,
          calls: [{ id: "call_1", name: "weather", rawInput: '{"city":"Zürich 🏔"}' }],
          bytewise: true,
        },
      ],
    },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi", { tools: [weather] }));
      expect(textOf(message)).toBe(WORDS);
      expect(message.content.at(-1)).toMatchObject({ input: { city: "Zürich 🏔" } });
    },
  },
  {
    title: "keeps every character",
    scene: {
      answers: [{ text: '\n\n# Title\r\n\t"quoted" \\ back `code` \u0007 data: [DONE]\n\nevent: x\n\n' }],
    },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(textOf(message)).toBe(
        '\n\n# Title\r\n\t"quoted" \\ back `code` \u0007 data: [DONE]\n\nevent: x\n\n',
      );
    },
  },
  {
    title: "may be long",
    scene: { answers: [{ text: "lorem ipsum ".repeat(10_000) }] },
    run: async ({ model }) => {
      expect(textOf((await answerOf(model, ask("hi"))).message)).toBe("lorem ipsum ".repeat(10_000));
    },
  },
  {
    title: "may be empty",
    scene: { answers: [{ text: "" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(textOf(message)).toBe("");
      expect(message.finish.reason).toBe("stop");
      expect(message.finish.error).toBeUndefined();
    },
  },
  {
    title: "tells its reasoning apart from its text",
    scene: { answers: [{ reasoning: "Two plus two makes four.", text: "4" }] },
    run: async ({ model }) => {
      const events = await eventsOf(model, ask("2+2?", { reasoning: "low" }));
      const { message } = finishOf(events);
      expect(textOf(message)).toBe("4");
      expect(message.content[0]).toMatchObject({ type: "reasoning", text: "Two plus two makes four." });
      expect(events.some((event) => event.type === "reasoning")).toBe(true);
    },
  },
  {
    title: "has the form that was asked for",
    scene: { answers: [{ text: '{"name":"Ada","age":36}' }] },
    run: async ({ model, sent, tells }) => {
      const schema = {
        type: "object",
        properties: { name: { type: "string" }, age: { type: "integer" } },
        required: ["name", "age"],
        additionalProperties: false,
      } as const;
      const output = { name: "person", schema, strict: true };
      const { message } = await answerOf(model, ask("Who?", { output }));
      expect(parseJson(textOf(message))).toEqual({ name: "Ada", age: 36 });
      // The schema went out, in whichever way the provider has.
      if (tells) expect(sent().at(-1)).toContain("integer");
    },
  },
  {
    title: "says what it used, in inclusive totals",
    scene: { answers: [{ text: "hi", usage: { input: 100, output: 20, cacheRead: 64, reasoning: 5 } }] },
    run: async ({ model }) => {
      const { usage } = await answerOf(model, ask("hi"));
      expect(usage).toMatchObject({ input: 100, output: 20, cacheRead: 64 });
      expect(usage.estimated).toBeUndefined();
    },
  },
  {
    title: "is without its reasoning, also where a server writes that into the text",
    scene: {
      answers: [{ reasoning: 'Maybe {"name":"Eve"}?', text: "Ada <think>aloud</think>", manner: "tagged" }],
    },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("Who?"));
      expect(textOf(message)).toBe("Ada <think>aloud</think>");
      expect(message.content[0]).toMatchObject({ type: "reasoning", text: 'Maybe {"name":"Eve"}?' });
    },
  },
  {
    title: "says what it used by an estimate where its provider says nothing",
    scene: { answers: [{ text: "one two three four", manner: "untold" }] },
    run: async ({ model }) => {
      const { usage } = await answerOf(model, ask("count to four"));
      expect(usage.estimated).toBe(true);
      expect(usage.input).toBeGreaterThan(0);
      expect(usage.output).toBeGreaterThan(0);
    },
  },
  {
    title: "does not mix with another that comes at the same time",
    scene: { answers: [{ text: "the same words for both of them" }] },
    run: async ({ model }) => {
      const both = await Promise.all([answerOf(model, ask("a")), answerOf(model, ask("b"))]);
      expect(both.map(({ message }) => textOf(message))).toEqual(
        Array(2).fill("the same words for both of them"),
      );
    },
  },
  {
    title: "is followed by the next one",
    scene: { answers: [{ text: "first" }, { text: "second" }] },
    run: async ({ model, sent, tells }) => {
      const first = await answerOf(model, ask("one"));
      const messages = [userMessage("one"), first.message, userMessage("two")];
      const second = await answerOf(model, ask("", { messages }));
      expect([first, second].map(({ message }) => textOf(message))).toEqual(["first", "second"]);
      if (tells) for (const text of ["one", "first", "two"]) expect(sent()[1]).toContain(text);
    },
  },
  {
    title: "can be left by its reader",
    scene: { answers: [{ text: "one two three four", fault: "stall" }] },
    run: async ({ model }) => {
      for await (const event of model.stream(ask("hi"))) if (event.type === "text") break;
    },
  },
];
