import { agent, runAgent } from "@orch/agents";
import { scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import type { ModelEvent } from "../../words/model.ts";
import { withFallback } from "./with-fallback.ts";

const busy = { failure: { kind: "overloaded", message: "lab is busy.", retryable: true } } as const;
const named = (model: string) => ({ id: { provider: "lab", api: "script", model } });

it("asks the next model when the first fails before its first output, and says so", async () => {
  const told: string[] = [];
  const model = withFallback(
    [
      scriptedModel([busy], named("one")),
      scriptedModel([busy], named("two")),
      scriptedModel(["Hi."], named("three")),
    ],
    { onFallback: ({ from, to, failure }) => told.push(`${from} -> ${to}: ${failure.kind}`) },
  );
  const { output, messages, warnings } = await runAgent(agent({ name: "helper", model }), "Hello");
  expect(output).toBe("Hi.");
  expect(messages.at(-1)).toMatchObject({ origin: { provider: "lab", model: "three" } });
  expect(told).toEqual(["lab/one -> lab/two: overloaded", "lab/two -> lab/three: overloaded"]);
  expect(warnings).toEqual([
    "lab/one could not answer, so lab/two was asked. lab is busy.",
    "lab/two could not answer, so lab/three was asked. lab is busy.",
  ]);
});

it("shows one start", async () => {
  const model = withFallback([scriptedModel([busy], named("one")), scriptedModel(["Hi."], named("two"))]);
  const events: ModelEvent[] = [];
  for await (const event of model.stream(ask("hi"))) events.push(event);
  expect(events.map(({ type }) => type)).toEqual(["start", "text", "part", "finish"]);
  expect(events[0]).toMatchObject({ model: "two" });
});

it("stays with the first once it has said something", async () => {
  const second = scriptedModel(["Hi."], named("two"));
  const model = withFallback([scriptedModel([{ text: "Half", ...busy }], named("one")), second]);
  const { message } = await generate(model, ask("hi"));
  expect(message.finish).toMatchObject({ reason: "error", error: { kind: "overloaded" } });
  expect(second.requests).toEqual([]);
});

it.each(["auth", "bad-request", "context-length", "protocol"] as const)(
  "does not hide a failure of the kind %s",
  async (kind) => {
    const second = scriptedModel(["Hi."]);
    const model = withFallback([scriptedModel([{ failure: { kind, retryable: false } }]), second]);
    expect((await generate(model, ask("hi"))).message.finish.error?.kind).toBe(kind);
    expect(second.requests).toEqual([]);
  },
);

it.each([
  { kind: "quota", retryable: false },
  { kind: "rate-limit", retryable: true },
  { kind: "network", retryable: true },
] as const)("falls through for $kind", async (failure) => {
  const model = withFallback([scriptedModel([{ failure }]), scriptedModel(["Hi."])]);
  expect((await generate(model, ask("hi"))).message.finish.reason).toBe("stop");
});

it("lets the user say what falls through", async () => {
  const model = withFallback(
    [scriptedModel([{ failure: { kind: "auth", retryable: false } }]), scriptedModel(["Hi."])],
    { when: ({ kind }) => kind === "auth" },
  );
  expect((await generate(model, ask("hi"))).message.finish.reason).toBe("stop");
});

it("gives the failure of the last model, and asks nobody after a cancellation", async () => {
  const last = { failure: { ...busy.failure, message: "the last one" } };
  const both = withFallback([scriptedModel([busy]), scriptedModel([last])]);
  expect((await generate(both, ask("hi"))).message.finish.error?.message).toBe("the last one");

  const controller = new AbortController();
  controller.abort();
  const second = scriptedModel(["Hi."]);
  const aborted = withFallback([scriptedModel([busy]), second]);
  await generate(aborted, ask("hi", { signal: controller.signal }));
  expect(second.requests).toEqual([]);
});

it("promises what all of its models can do", () => {
  const wide = scriptedModel([], { caps: { contextWindow: 200, price: { input: 1, output: 1 } } });
  const narrow = scriptedModel([], {
    caps: { contextWindow: 100, images: false, output: "tool", generative: false },
  });
  expect(withFallback([wide, narrow]).caps).toEqual({
    ...wide.caps,
    generative: false,
    images: false,
    output: "tool",
    contextWindow: 100,
    price: undefined,
  });
  const prompted = scriptedModel([], { caps: { output: "prompt" } });
  expect(withFallback([wide, prompted]).caps.output).toBe("prompt");
  expect(withFallback([wide, scriptedModel([], { caps: { output: "none" } })]).caps.output).toBe("none");
});

it("reckons each model by its own price, also one that failed, and none where the one that answered has none", async () => {
  const usage = { input: 1_000_000, output: 0 };
  const dear = scriptedModel([busy], { caps: { price: { input: 10, output: 10 } } });
  const cheap = scriptedModel([{ text: "Hi.", usage }], { caps: { price: { input: 1, output: 1 } } });
  const run = (model: typeof dear) =>
    runAgent(agent({ name: "helper", model: withFallback([model, cheap]) }), "Hi");
  // The one that was busy told 10 and 5 tokens before it failed.
  expect((await run(dear)).cost).toBeCloseTo(1 + 0.00015, 9);

  const free = scriptedModel([{ text: "Hi.", usage }]);
  const unknown = withFallback([scriptedModel([busy], { caps: { price: { input: 10, output: 10 } } }), free]);
  expect((await runAgent(agent({ name: "helper", model: unknown }), "Hi")).cost).toBeUndefined();
});
