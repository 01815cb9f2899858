/** Cases about conversations that began elsewhere, or were left in the middle. */
import {
  type AssistantMessage,
  type AssistantPart,
  type Message,
  systemMessage,
  textOf,
  userMessage,
} from "@orch/agents";
import { expect } from "vitest";
import { answerOf, ask, eventsOf, finishOf, type ModelCase, weather } from "./model-case.ts";

const SECRET = "c2lnbmVkLWVsc2V3aGVyZQ";
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

const FILES = [
  { type: "file", mediaType: "image/png", data: PIXEL, name: "dot.png" },
  { type: "file", mediaType: "application/pdf", data: "JVBERi0xLjQK", name: "page.pdf" },
  { type: "file", mediaType: "audio/wav", data: "UklGRg==", name: "sound.wav" },
] as const;

/** A PNG that is called JPEG. */
const MISLABELLED = { type: "file", mediaType: "image/jpeg", data: PIXEL } as const;

/** Half of a surrogate pair, as JSON writes it. */
const HALF = /\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}/i;

/** A message of a provider that none of the models here is. */
function foreign(...content: readonly AssistantPart[]): AssistantMessage {
  const origin = { provider: "elsewhere", api: "telepathy", model: "mind-1" };
  const calls = content.some(({ type }) => type === "tool-call");
  return { role: "assistant", content, origin, finish: { reason: calls ? "tool-calls" : "stop" } };
}

function call(id: string): AssistantPart {
  return { type: "tool-call", id, name: "weather", rawInput: '{"city":"Oslo"}', input: { city: "Oslo" } };
}

function result(id: string, output = "21C"): Message {
  return { role: "tool", content: [{ type: "tool-result", id, name: "weather", output }] };
}

/** Conversations that a model takes over. */
export const historyCases: readonly ModelCase[] = [
  taken("of another provider, with its thinking and its ids", [
    systemMessage("Be kind."),
    userMessage("Oslo?"),
    foreign(
      { type: "reasoning", text: "A private thought.", opaque: { signature: SECRET } },
      { type: "text", text: "Let me look.", opaque: { id: SECRET } },
      call("call:one|fc/1"),
    ),
    result("call:one|fc/1", "21 degrees"),
  ]),
  taken("with calls that were never answered", [
    userMessage("Oslo?"),
    foreign({ type: "text", text: "Let me look." }, call("call_1"), call("call_2")),
    userMessage("Well?"),
  ]),
  taken("with results that nobody asked for, or twice", [
    userMessage("Oslo?"),
    foreign(call("call_1")),
    result("call_1"),
    result("call_1", "again"),
    result("call_9", "from nowhere"),
  ]),
  taken("with ids that come again in every turn, and one of 10,000 characters", [
    userMessage("Oslo?"),
    foreign(call("call_0")),
    result("call_0"),
    foreign(call("call_0")),
    result("call_0"),
    foreign(call("x".repeat(10_000))),
    result("x".repeat(10_000)),
  ]),
  taken("with system messages in the middle and at the end", [
    systemMessage("Be kind."),
    userMessage("Hello."),
    systemMessage("Now be brief."),
    foreign({ type: "text", text: "Hello to you." }),
    userMessage("And now?"),
    systemMessage("Answer in French."),
  ]),
  taken("that was cut off in the middle of a call", [
    userMessage("Oslo?"),
    {
      ...foreign(
        { type: "reasoning", text: "A private thought.", opaque: { signature: SECRET } },
        { type: "text", text: "I was say" },
        { type: "tool-call", id: "call_1", name: "weather", rawInput: '{"ci', invalid: "cut" },
      ),
      finish: { reason: "interrupted" },
    },
    userMessage("Go on."),
  ]),
  taken("with empty and blank messages", [
    userMessage(""),
    foreign({ type: "text", text: "  \n" }),
    userMessage("Hello?"),
    foreign(),
    userMessage("Anybody?"),
  ]),
  {
    title: "with images, documents and sounds is taken over, and what is left out is told",
    scene: { answers: [{ text: "I go on." }], anyWords: true },
    run: async ({ model, sent, tells }) => {
      const messages: Message[] = [
        { role: "user", content: [{ type: "text", text: "What is this?" }, ...FILES] },
        foreign({ type: "text", text: "A dot." }, { type: "file", mediaType: "image/gif", data: "R0lGODlh" }),
        userMessage("Sure?"),
      ];
      const warnings: string[] = [];
      const events = await eventsOf(model, ask("", { messages }), (event) => {
        if (event.type === "start" || event.type === "finish") warnings.push(...(event.warnings ?? []));
      });
      expect(finishOf(events).message.finish.reason).toBe("stop");
      for (const { data, name } of FILES) {
        if (!tells || sent().at(-1)?.includes(data)) continue;
        expect(warnings, `${name} was left out`).toContainEqual(expect.stringContaining(name));
      }
    },
  },
  {
    title:
      "with halves of characters and a picture of another kind than its label is taken over in whole text",
    scene: { answers: [{ text: "I go on." }], anyWords: true },
    run: async ({ model, sent, tells }) => {
      const messages: Message[] = [
        systemMessage("Be \ud83d kind."),
        { role: "user", content: [{ type: "text", text: "half \udca9 here" }, MISLABELLED] },
        foreign({ type: "text", text: "I see \ud83d" }, call("call_1")),
        result("call_1", "21 \ud83d degrees"),
        userMessage("And now?"),
      ];
      const { message } = await answerOf(model, ask("", { messages, tools: [weather] }));
      expect(["stop", "tool-calls"]).toContain(message.finish.reason);
      if (!tells) return;
      const body = sent().at(-1) ?? "";
      expect(body, "no half of a surrogate pair is sent").not.toMatch(HALF);
      if (body.includes(MISLABELLED.data))
        expect(body, "the bytes name the kind").not.toContain("image/jpeg");
    },
  },
  taken("that begins with an assistant", [
    foreign({ type: "text", text: "Hello, I am here." }),
    userMessage("Hi."),
  ]),
  taken("with a refusal in it", [
    userMessage("Do it."),
    foreign({ type: "refusal", text: "I cannot do that." }),
    userMessage("Why?"),
  ]),
  taken("with calls of tools that have impossible names", [
    userMessage("Oslo?"),
    foreign({
      ...(call("call_1") as Extract<AssistantPart, { type: "tool-call" }>),
      name: "web.search/v2 (beta)",
    }),
    result("call_1"),
  ]),
];

function taken(title: string, messages: readonly Message[]): ModelCase {
  return {
    title: `${title} is taken over`,
    scene: { answers: [{ text: "I go on." }], anyWords: true },
    run: async ({ model, sent, tells }) => {
      const { message } = await answerOf(model, ask("", { messages, tools: [weather] }));
      // A model without a script may call the tool instead.
      expect(["stop", "tool-calls"]).toContain(message.finish.reason);
      if (model.caps.generative) expect(textOf(message)).toBe("I go on.");
      if (!tells) return;
      const body = sent().at(-1) ?? "";
      expect(body, "what another provider signed stays away").not.toContain(SECRET);
      expect(body, "what another model thought stays away").not.toContain("A private thought.");
    },
  };
}
