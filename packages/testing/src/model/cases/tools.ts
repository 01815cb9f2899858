/** Cases about tool calls and their results. */
import { type Message, type ToolResultPart, textOf, userMessage } from "@orch/agents";
import { expect } from "vitest";
import {
  answerOf,
  ask,
  callsOf,
  eventsOf,
  finishOf,
  type ModelCase,
  runnableCalls,
  weather,
} from "./model-case.ts";
import type { SceneAnswer } from "./model-scene.ts";

const oslo = { id: "call_oslo", name: "weather", rawInput: '{"city":"Oslo"}' };
const rome = { id: "call_rome", name: "weather", rawInput: '{"city":"Rome"}' };
const tools = [weather];

/** How calls are told, and how their results go back. */
export const toolCases: readonly ModelCase[] = [
  {
    title: "are called with their arguments",
    scene: { answers: [{ calls: [oslo] }] },
    run: async ({ model }) => {
      const events = await eventsOf(model, ask("Oslo?", { tools }));
      const { message } = finishOf(events);
      expect(message.finish.reason).toBe("tool-calls");
      expect(callsOf(message)).toMatchObject([{ id: oslo.id, name: "weather", input: { city: "Oslo" } }]);
      expect(events.some((event) => event.type === "tool-input" && event.name === "weather")).toBe(true);
    },
  },
  {
    title: "are offered to the model with their schemas",
    scene: { answers: [{ text: "ok" }] },
    run: async ({ model, sent, tells }) => {
      await answerOf(model, ask("hi", { tools }));
      if (tells)
        for (const text of ["weather", "The weather of a city.", "city"]) expect(sent()[0]).toContain(text);
    },
  },
  {
    title: "may have no arguments",
    scene: { answers: [{ calls: [{ id: "call_1", name: "weather", rawInput: "{}" }] }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi", { tools }));
      expect(runnableCalls(message)).toMatchObject([{ input: {} }]);
    },
  },
  {
    title: "are called several at once, in order, each with an id of its own",
    scene: { answers: [{ calls: [oslo, rome, { ...oslo, id: "call_3" }] }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("All?", { tools }));
      const calls = runnableCalls(message);
      expect(calls.map(({ input }) => input)).toEqual([{ city: "Oslo" }, { city: "Rome" }, { city: "Oslo" }]);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    },
  },
  {
    title: "are put together from all their pieces, also where the name comes last",
    scene: { answers: [{ calls: [oslo, rome], manner: "late-names" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("Both?", { tools }));
      expect(runnableCalls(message)).toMatchObject([
        { id: oslo.id, name: "weather", input: { city: "Oslo" } },
        { id: rome.id, name: "weather", input: { city: "Rome" } },
      ]);
    },
  },
  {
    title: "have their arguments once, also where each piece repeats those before it",
    scene: { answers: [{ calls: [oslo, rome], manner: "snapshots" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("Both?", { tools }));
      expect(runnableCalls(message).map(({ rawInput }) => rawInput)).toEqual([oslo.rawInput, rome.rawInput]);
    },
  },
  {
    title: "have their arguments and not what stood in their place",
    scene: { answers: [{ calls: [oslo, rome], manner: "placeholder" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("Both?", { tools }));
      expect(runnableCalls(message).map(({ rawInput }) => rawInput)).toEqual([oslo.rawInput, rome.rawInput]);
    },
  },
  {
    title: "may be called beside a text",
    scene: { answers: [{ text: "Let me look.", calls: [oslo] }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("Oslo?", { tools }));
      const types = message.content.map(({ type }) => type).filter((type) => type !== "reasoning");
      expect(types).toEqual(["text", "tool-call"]);
      expect(message.finish.reason).toBe("tool-calls");
    },
  },
  {
    title: "do not run where their arguments are broken, and are not repaired",
    scene: { answers: [{ calls: [{ ...oslo, rawInput: '{"city": "Os' }, rome] }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("Oslo?", { tools }));
      const [broken] = callsOf(message);
      expect(broken).toMatchObject({ rawInput: '{"city": "Os', invalid: expect.stringMatching(/\S/) });
      expect(broken).not.toHaveProperty("input");
      expect(runnableCalls(message)).toMatchObject([{ input: { city: "Rome" } }]);
    },
  },
  {
    title: "give a result that the model answers to",
    scene: { answers: [{ text: "I look.", calls: [oslo] }, { text: "It is sunny." }] },
    run: async ({ model, sent, tells }) => {
      const { message: first } = await answerOf(model, ask("Oslo?", { tools }));
      const messages = [userMessage("Oslo?"), first, results(first, "21C and sunny")];
      const { message } = await answerOf(model, ask("", { messages, tools }));
      expect(textOf(message)).toBe("It is sunny.");
      if (tells) expect(sent()[1]).toContain("21C and sunny");
    },
  },
  {
    title: "give their results side by side, also failed and denied ones",
    scene: { answers: [{ calls: [oslo, rome, { ...oslo, id: "call_3" }] }, { text: "Done." }] },
    run: async ({ model, sent, tells }) => {
      const { message: first } = await answerOf(model, ask("All?", { tools }));
      const [a, b, c] = callsOf(first);
      const content: ToolResultPart[] = [
        { type: "tool-result", id: a!.id, name: "weather", output: "first result" },
        { type: "tool-result", id: b!.id, name: "weather", output: "no such city", isError: true },
        { type: "tool-result", id: c!.id, name: "weather", output: "somebody said no", denied: true },
      ];
      const messages: Message[] = [userMessage("All?"), first, { role: "tool", content }];
      expect(textOf((await answerOf(model, ask("", { messages, tools }))).message)).toBe("Done.");
      if (tells) for (const { output } of content) expect(sent()[1]).toContain(output);
    },
  },
  {
    title: "give files in their results",
    scene: { answers: [{ calls: [oslo] }, { text: "A picture." }] },
    run: async ({ model }) => {
      const { message: first } = await answerOf(model, ask("Oslo?", { tools }));
      const output = [
        { type: "text" as const, text: "the picture:" },
        { type: "file" as const, mediaType: "image/png", data: PIXEL },
      ];
      const messages = [userMessage("Oslo?"), first, results(first, output), userMessage("And?")];
      expect(textOf((await answerOf(model, ask("", { messages, tools }))).message)).toBe("A picture.");
    },
  },
  {
    title: "think before a call, and the thinking goes back with its result",
    scene: { answers: [{ reasoning: "I should look.", calls: [oslo] }, { text: "Sunny." }] },
    run: async ({ model }) => {
      const request = ask("Oslo?", { tools, reasoning: "low" });
      const { message: first } = await answerOf(model, request);
      expect(first.content.map(({ type }) => type)).toEqual(["reasoning", "tool-call"]);
      const messages = [...request.messages, first, results(first, "21C")];
      expect(textOf((await answerOf(model, { ...request, messages })).message)).toBe("Sunny.");
    },
  },
  {
    title: "go on for many turns",
    scene: { answers: [...Array<SceneAnswer>(5).fill({ calls: [oslo] }), { text: "Enough." }] },
    run: async ({ model }) => {
      const messages: Message[] = [userMessage("Oslo?")];
      for (let turn = 0; turn < 5; turn++) {
        const { message } = await answerOf(model, ask("", { messages, tools }));
        expect(callsOf(message), `turn ${turn}`).toHaveLength(1);
        messages.push(message, results(message, `result ${turn}`));
      }
      expect(textOf((await answerOf(model, ask("", { messages, tools }))).message)).toBe("Enough.");
    },
  },
];

/** The smallest PNG there is. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

function results(message: Parameters<typeof callsOf>[0], output: ToolResultPart["output"]): Message {
  const content = callsOf(message).map(({ id, name }) => ({
    type: "tool-result" as const,
    id,
    name,
    output,
  }));
  return { role: "tool", content };
}
