import { describe, expect, it } from "vitest";
import { type AssistantMessage, systemMessage, userMessage } from "../words/message.ts";
import { Conversation } from "./conversation.ts";

const HALF = "a\ud83d";
const WHOLE = "a\ufffd";
const origin = { provider: "p", api: "a", model: "m" } as const;

function said(change: object, more: object = {}): AssistantMessage {
  const part = { type: "tool-call", id: "1", name: "t", rawInput: "{}", ...change } as const;
  return { role: "assistant", content: [part], origin, finish: { reason: "tool-calls" }, ...more };
}

describe("what is added to a conversation", () => {
  it.each([
    ["an id", said({ id: HALF }), said({ id: WHOLE })],
    ["a key", said({ opaque: { [HALF]: 1 } }), said({ opaque: { [WHOLE]: 1 } })],
    ["a field that nobody knows", said({ [HALF]: 1 }), said({ [WHOLE]: 1 })],
    [
      "an origin",
      said({}, { origin: { ...origin, model: HALF } }),
      said({}, { origin: { ...origin, model: WHOLE } }),
    ],
    ["a field of the message", said({}, { [HALF]: HALF }), said({}, { [WHOLE]: WHOLE })],
    [
      "a failure",
      said({}, { finish: { reason: "error", raw: HALF } }),
      said({}, { finish: { reason: "error", raw: WHOLE } }),
    ],
  ])("has no half of a character, as in %s", (_, message, whole) => {
    const conversation = new Conversation([], 0);
    conversation.add(said({}));
    expect(conversation.add(message)).toEqual(whole);
    expect(conversation.messages.at(-1)).toEqual(whole);
  });

  it("stays the very object where nothing is wrong with it", () => {
    const conversation = new Conversation([], 0);
    const message = said({});
    expect(conversation.add(message)).toBe(message);
  });
});

describe("what is sent of a conversation", () => {
  it("is a list of its own each time, which grows with the conversation and begins with the instructions", () => {
    const conversation = new Conversation([userMessage("one")], 0);
    const system = [systemMessage("Be short.")];
    const first = conversation.toSend(system);
    conversation.add(userMessage("two"));
    first.push(userMessage("not ours"));

    expect(conversation.toSend(system)).toEqual([...system, userMessage("one"), userMessage("two")]);
    expect(conversation.messages).toHaveLength(2);
  });

  it("follows other instructions, and what is shown instead", () => {
    const conversation = new Conversation([userMessage("one")], 0);
    conversation.toSend([systemMessage("first")]);
    const system = [systemMessage("second")];

    expect(conversation.toSend(system)).toEqual([...system, userMessage("one")]);
    conversation.showInstead([userMessage("short")], 1);
    conversation.add(userMessage("two"));
    expect(conversation.toSend(system)).toEqual([...system, userMessage("short"), userMessage("two")]);
  });
});
