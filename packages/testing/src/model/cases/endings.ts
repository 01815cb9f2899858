/** Cases about how an answer ends, and how it is ended. */
import { textOf } from "@orch/agents";
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

const oslo = { id: "call_oslo", name: "weather", rawInput: '{"city":"Oslo"}' };

/** Which endings are told apart. */
export const endingCases: readonly ModelCase[] = [
  {
    title: "by length is told, and no call in it runs",
    scene: { answers: [{ text: "I will", calls: [oslo], end: "length" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi", { tools: [weather] }));
      expect(message.finish.reason).toBe("length");
      expect(textOf(message)).toBe("I will");
      expect(callsOf(message)).toHaveLength(1);
      expect(runnableCalls(message)).toEqual([]);
    },
  },
  {
    title: "by a filter is told",
    scene: { answers: [{ text: "Well", end: "filtered" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(["filtered", "refusal"]).toContain(message.finish.reason);
    },
  },
  {
    title: "by a refusal is no answer",
    scene: { answers: [{ refusal: "I cannot help with that." }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(["refusal", "filtered"]).toContain(message.finish.reason);
    },
  },
  {
    title: "that nobody has heard of is kept as the provider's own word, and is not taken for whole",
    scene: { answers: [{ text: "Well", end: "unknown" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish.reason).not.toBe("stop");
      expect(textOf(message)).toBe("Well");
    },
  },
  {
    title: "without an end marker is an interruption that keeps the text",
    scene: { answers: [{ text: "one two three", fault: "no-end" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish).toMatchObject({
        reason: "interrupted",
        error: { kind: "cut", retryable: true },
      });
      expect(textOf(message)).toBe("one two three");
    },
  },
  {
    title: "without an end marker lets no call run, however whole it looks",
    scene: { answers: [{ calls: [oslo], fault: "no-end" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi", { tools: [weather] }));
      expect(message.finish.reason).toBe("interrupted");
      expect(runnableCalls(message)).toEqual([]);
    },
  },
  {
    title: "by a broken connection is told as one, and keeps the text that was read",
    scene: { answers: [{ text: "one two three four five six seven eight nine ten", fault: "reset" }] },
    run: async ({ model }) => {
      const { message } = await answerOf(model, ask("hi"));
      expect(message.finish.error).toMatchObject({ retryable: true });
      expect(["network", "cut"]).toContain(message.finish.error?.kind);
      // A connection may break before anything was read of it; then there is nothing to interrupt.
      if (textOf(message) !== "") expect(message.finish.reason).toBe("interrupted");
      expect(["interrupted", "error"]).toContain(message.finish.reason);
      expect("one two three four five six seven eight nine ten").toContain(textOf(message));
    },
  },
  {
    title: "by the caller before the call makes no request",
    scene: { answers: [{ text: "never" }], anyWords: true },
    run: async ({ model, sent }) => {
      const { message } = await answerOf(model, ask("hi", { signal: AbortSignal.abort() }));
      expect(message.finish).toMatchObject({ reason: "aborted", error: { kind: "aborted" } });
      expect(textOf(message)).toBe("");
      expect(sent()).toEqual([]);
    },
  },
  {
    title: "by the caller before the first byte is prompt",
    scene: { answers: [{ fault: "silence" }] },
    run: async ({ model }) => {
      const controller = new AbortController();
      const answer = answerOf(model, ask("hi", { signal: controller.signal }));
      await Promise.resolve();
      controller.abort();
      expect((await answer).message.finish).toMatchObject({ reason: "aborted", error: { retryable: false } });
    },
  },
  {
    title: "by the caller in the middle keeps the text",
    scene: { answers: [{ text: "one two three", fault: "stall" }] },
    run: async ({ model }) => {
      const controller = new AbortController();
      let text = "";
      const events = await eventsOf(model, ask("hi", { signal: controller.signal }), (event) => {
        if (event.type === "text") text += event.delta;
        if (text.length > 0) controller.abort();
      });
      const { message } = finishOf(events);
      expect(message.finish.reason).toBe("aborted");
      expect(textOf(message)).not.toBe("");
      expect("one two three").toContain(textOf(message));
    },
  },
  {
    title: "by the caller in the middle of a call lets it not run",
    scene: { answers: [{ calls: [oslo], fault: "stall" }] },
    run: async ({ model }) => {
      const controller = new AbortController();
      const request = ask("hi", { signal: controller.signal, tools: [weather] });
      const events = await eventsOf(model, request, ({ type }) => {
        if (type === "tool-input") controller.abort();
      });
      expect(finishOf(events).message.finish.reason).toBe("aborted");
      expect(runnableCalls(finishOf(events).message)).toEqual([]);
    },
  },
];
