import { generate, type ModelRequest, userMessage } from "@orch/agents";
import { expect, it } from "vitest";
import { scriptedModel } from "./scripted-model.ts";

const request: ModelRequest = { messages: [userMessage("hi")], signal: new AbortController().signal };

it("plays its replies in order as streams that keep the contract, and remembers what it was asked", async () => {
  const model = scriptedModel([
    { reasoning: "Hm.", text: "One two.", calls: [{ name: "t", input: { a: 1 } }] },
    "Bye.",
  ]);
  const types: string[] = [];
  for await (const event of model.stream(request)) types.push(event.type);
  expect(types).toEqual([
    "start",
    "reasoning",
    "part",
    "text",
    "text",
    "part",
    "tool-input",
    "part",
    "finish",
  ]);
  expect((await generate(model, request)).message).toMatchObject({
    content: [{ text: "Bye." }],
    finish: { reason: "stop" },
  });
  expect(model.requests.map(({ messages }) => messages)).toEqual([request.messages, request.messages]);
});

it("plays a function of the request, failures, cuts and its own usage", async () => {
  const model = scriptedModel(
    (_, call) =>
      [
        { text: "cut", finish: "interrupted" as const },
        { failure: { kind: "overloaded" as const }, usage: { input: 0, output: 0 } },
      ][call]!,
  );
  expect((await generate(model, request)).message.finish).toEqual({ reason: "interrupted" });
  expect(await generate(model, request)).toMatchObject({
    message: { finish: { reason: "error", error: { kind: "overloaded", retryable: true } } },
    usage: { input: 0 },
  });
});

it("says so when it is called more often than its script is long", async () => {
  await expect(generate(scriptedModel([]), request)).rejects.toMatchObject({ code: "ORCH_SCRIPT_ENDED" });
});
