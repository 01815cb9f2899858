import { scriptedModel } from "@orch/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { cutPoint } from "../model/cut-point.ts";
import { estimateTokens } from "../model/estimate-tokens.ts";
import { runAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";
import { type Message, systemMessage, textOf, userMessage } from "../words/message.ts";
import { keepRecent } from "./keep-recent.ts";
import { summarizer } from "./summarizer.ts";
import { isSummary } from "./summary-message.ts";

const origin = { provider: "test", api: "script", model: "scripted" };
const look = tool({
  name: "look",
  description: "x",
  input: z.object({ n: z.number() }),
  invoke: ({ n }) => `${n} `.repeat(200),
});
/** Ten turns of tools, each with a result of about 100 tokens, and then an answer. */
const tenLooks = (extra: Parameters<typeof scriptedModel>[1] = {}) =>
  scriptedModel((request, call) => {
    if (textOf(request.messages[0]!).startsWith("Sum up"))
      return { text: `notes ${call}`, usage: { input: 100, output: 7 } };
    const looks = request.messages.filter(({ role }) => role === "tool").length;
    return call < 14 && looks < 20 ? { calls: [{ name: "look", input: { n: call } }] } : "Done.";
  }, extra);

/** No result without its call before it, and no call without its result after it. */
function isWhole(messages: readonly Message[]): boolean {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      for (const { id } of message.content) {
        if (!open.includes(id)) return false;
        open = open.filter((one) => one !== id);
      }
    } else {
      if (open.length > 0) return false;
      if (message.role === "assistant")
        open = message.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []));
    }
  }
  return open.length === 0;
}

describe("a summarizer", () => {
  it("keeps what the model sees bounded, marks the summary, parts no call from its result, and counts what it used", async () => {
    const model = tenLooks({ caps: { price: { input: 1, output: 1 } } });
    const events: AgentEvent[] = [];
    const writer = agent({
      name: "a",
      instructions: "Look.",
      model,
      tools: [look],
      maxTurns: 30,
      prepare: summarizer({ above: 600, keep: 200 }),
    });
    const result = await runAgent(writer, "go", { onEvent: (event) => void events.push(event) });
    expect(result.stopReason).toBe("done");
    const asked = model.requests.filter(({ messages }) => textOf(messages[0]!) === "Look.");
    const summaries = model.requests.filter(({ messages }) => textOf(messages[0]!).startsWith("Sum up"));
    for (const { messages } of asked) {
      const tokens = messages.reduce((sum, message) => sum + estimateTokens(message), 0);
      expect(tokens).toBeLessThan(700);
      expect(isWhole(messages)).toBe(true);
    }
    expect(summaries.length).toBeGreaterThanOrEqual(2);
    // Each summary is made once and extended by what followed.
    expect(summaries.length).toBeLessThan(asked.length / 2);
    expect(textOf(summaries[1]!.messages[1]!)).toMatch(/^Summary until here:\nnotes/);
    const marked = asked.at(-1)!.messages.filter(isSummary);
    expect(marked).toHaveLength(1);
    expect(textOf(marked[0]!)).toMatch(
      /^\[Summary of the earlier conversation, \d+ messages, written by test\/scripted\]\nnotes/,
    );
    expect(isWhole(result.messages)).toBe(true);
    expect(result.messages.some(isSummary)).toBe(false);
    expect(result.usage).toEqual({
      input: asked.length * 10 + summaries.length * 100,
      output: asked.length * 5 + summaries.length * 7,
    });
    const told = events.flatMap((event) => (event.type === "agent.compacted" ? [event] : []));
    expect(told).toHaveLength(summaries.length);
    expect(told[0]).toMatchObject({
      usage: { input: 100, output: 7 },
      model: "test/scripted",
      cost: 0.000107,
    });
    expect(told.every(({ from, to }) => to < from)).toBe(true);
  });

  it("uses the summary again in a later run of the same conversation", async () => {
    const model = tenLooks();
    const prepare = summarizer({ above: 600, keep: 200 });
    const writer = agent({ name: "a", model, tools: [look], maxTurns: 30, prepare });
    const first = await runAgent(writer, "go");
    const before = model.requests.length;
    await runAgent(writer, [...first.messages, userMessage("more")]);
    expect(model.requests).toHaveLength(before + 1);
    expect(model.requests.at(-1)!.messages.some(isSummary)).toBe(true);
  });

  it("counts towards the budget, which then ends the run", async () => {
    const model = tenLooks();
    const writer = agent({ name: "a", model, tools: [look], prepare: summarizer({ above: 600, keep: 200 }) });
    const result = await runAgent(writer, "go", { budget: { maxTokens: 180 } });
    expect(result.stopReason).toBe("budget");
    expect(model.requests.some(({ messages }) => textOf(messages[0]!).startsWith("Sum up"))).toBe(true);
  });

  it("that fails sends everything, and warns", async () => {
    const inner = scriptedModel([{ failure: { kind: "server", message: "Down." } }]);
    const model = scriptedModel(["Fine."]);
    const long = Array.from({ length: 9 }, (_, n) => userMessage(`${n}`.repeat(400)));
    const writer = agent({ name: "a", model, prepare: summarizer({ model: inner, above: 500, keep: 100 }) });
    const result = await runAgent(writer, long);
    expect(result.output).toBe("Fine.");
    expect(model.requests[0]?.messages).toHaveLength(9);
    expect(result.warnings).toEqual(["The conversation could not be summed up (error)."]);
  });

  it("says how much is left out where the model only quotes", async () => {
    const model = scriptedModel(["Fine."], { caps: { generative: false } });
    const long = [
      systemMessage("Stay."),
      ...Array.from({ length: 9 }, (_, n) => userMessage(`${n}`.repeat(400))),
    ];
    await runAgent(agent({ name: "a", model, prepare: summarizer({ above: 500, keep: 150 }) }), long);
    const seen = model.requests[0]!.messages.map(textOf);
    expect(model.requests).toHaveLength(1);
    expect(seen.slice(0, 2)).toEqual(["Stay.", "[7 earlier messages are left out here]"]);
    expect(seen).toHaveLength(4);
  });
});

describe("keepRecent", () => {
  it("leaves out the oldest, says so once, and keeps system messages", async () => {
    const model = scriptedModel(["Fine."]);
    const long = [
      systemMessage("Stay."),
      ...Array.from({ length: 9 }, (_, n) => userMessage(`${n}`.repeat(400))),
    ];
    const events: AgentEvent[] = [];
    await runAgent(agent({ name: "a", model, prepare: keepRecent({ above: 500, keep: 150 }) }), long, {
      onEvent: (event) => void events.push(event),
    });
    expect(model.requests[0]!.messages.map(textOf).slice(0, 2)).toEqual([
      "Stay.",
      "[7 earlier messages are left out here]",
    ]);
    expect(events.find(({ type }) => type === "agent.compacted")).toMatchObject({ from: 10, to: 4 });
    const short = scriptedModel(["Fine."]);
    await runAgent(agent({ name: "a", model: short, prepare: keepRecent() }), "hi");
    expect(short.requests[0]?.messages).toHaveLength(1);
  });
});

describe("the cut", () => {
  const call = (id: string): Message => ({
    role: "assistant",
    content: [{ type: "tool-call", id, name: "t", rawInput: "{}", input: {} }],
    origin,
    finish: { reason: "tool-calls" },
  });
  const result = (id: string, text: string): Message => ({
    role: "tool",
    content: [{ type: "tool-result", id, name: "t", output: text }],
  });

  it("never parts a call from its result, in any conversation", () => {
    const turn = fc.oneof(
      fc.string({ maxLength: 300 }).map((text) => (_: number): Message[] => [userMessage(text)]),
      fc.string({ maxLength: 300 }).map((text) => (n: number): Message[] => [
        call(`c${n}`),
        result(`c${n}`, text),
      ]),
    );
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 30 }), fc.nat(400), fc.nat(800), (turns, keep, most) => {
        const messages = turns.flatMap((make, n) => make(n));
        const cut = cutPoint(messages, { keep, most }, estimateTokens);
        expect(isWhole(messages.slice(0, cut))).toBe(true);
        expect(isWhole(messages.slice(cut))).toBe(true);
        if (messages.length > 0) expect(cut).toBeLessThan(messages.length);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves out a message that alone is longer than all that may be sent, unless it is the last", async () => {
    const model = scriptedModel(() => "Done.");
    const writer = agent({ name: "a", model, prepare: keepRecent({ above: 600, keep: 200 }) });
    const huge = userMessage("word ".repeat(1_000));
    const first = await runAgent(writer, [huge]);
    expect(model.requests[0]!.messages).toEqual([huge]);
    await runAgent(writer, [...first.messages, userMessage("And now?")]);
    const sent = model.requests[1]!.messages;
    expect(sent.reduce((sum, message) => sum + estimateTokens(message), 0)).toBeLessThan(600);
    expect(sent.map(textOf)).toEqual([expect.stringMatching(/1 /), "Done.", "And now?"]);
  });
});
