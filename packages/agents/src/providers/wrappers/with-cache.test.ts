import { agent, runAgent, tool } from "@orch/agents";
import { manualClock, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import type { ModelEvent } from "../../words/model.ts";
import { type CacheStore, withCache } from "./with-cache.ts";

const weather = tool({
  name: "weather",
  description: "The weather.",
  input: z.object({ city: z.string() }),
  invoke: ({ city }) => `rain in ${city}`,
});

it("asks the same question once, with tools and all, and the second run costs nothing", async () => {
  const inner = scriptedModel([{ calls: [{ name: "weather", input: { city: "Oslo" } }] }, "It rains."], {
    caps: { price: { input: 1, output: 1 } },
  });
  const model = withCache(inner);
  const helper = agent({ name: "helper", model, tools: [weather] });
  const first = await runAgent(helper, "Oslo?");
  const second = await runAgent(helper, "Oslo?");
  expect(second.output).toBe("It rains.");
  expect(second.messages).toEqual(first.messages);
  expect(first.cost).toBeGreaterThan(0);
  expect(second).toMatchObject({ cost: 0, usage: { input: 0, output: 0 } });
  expect(inner.requests.length).toBe(2);
});

it("tells apart what is another question, and not who asks it", async () => {
  const inner = scriptedModel(() => "Hi.");
  const model = withCache(inner);
  await generate(model, ask("a"));
  await generate(model, ask("a", { headers: { "x-trace": "2" }, sessionId: "other" }));
  expect(inner.requests.length).toBe(1);
  await generate(model, ask("b"));
  await generate(model, ask("a", { temperature: 1 }));
  await generate(model, ask("a", { tools: [{ name: "t", description: "", schema: {} }] }));
  expect(inner.requests.length).toBe(4);
});

it("keeps whole answers only", async () => {
  const inner = scriptedModel([
    { failure: {} },
    { text: "Ha", finish: "length" },
    { refusal: "No." },
    "Hi.",
    "Ho.",
  ]);
  const model = withCache(inner);
  for (let call = 0; call < 5; call++) await generate(model, ask("a"));
  expect(inner.requests.length).toBe(4);
});

it("forgets what is too old, and who was not asked for long", async () => {
  const clock = manualClock();
  const inner = scriptedModel(() => "Hi.");
  const model = withCache(inner, { maxAge: 1_000, clock });
  await generate(model, ask("a"));
  await clock.advance(1_000);
  await generate(model, ask("a"));
  expect(inner.requests.length).toBe(1);
  await clock.advance(1);
  await generate(model, ask("a"));
  expect(inner.requests.length).toBe(2);

  const many = scriptedModel(() => "Hi.");
  const small = withCache(many);
  for (let question = 0; question <= 100; question++) await generate(small, ask(`${question}`));
  await generate(small, ask("100"));
  expect(many.requests.length).toBe(101);
  await generate(small, ask("0"));
  expect(many.requests.length).toBe(102);
});

it("says an answer again as a model would, and tells who listens", async () => {
  const hits: string[] = [];
  const model = withCache(scriptedModel([{ reasoning: "Hm.", text: "Hi.", calls: [{ name: "t" }] }]), {
    onHit: (name) => hits.push(name),
  });
  await generate(model, ask("a"));
  const events: ModelEvent[] = [];
  for await (const event of model.stream(ask("a"))) events.push(event);
  expect(events.map(({ type }) => type)).toEqual([
    ...["start", "reasoning", "part", "text", "part", "tool-input", "part", "finish"],
  ]);
  expect(hits).toEqual(["test/scripted"]);
});

it("goes on without a store that fails, and warns", async () => {
  const broken: CacheStore = {
    get: () => Promise.reject(new TypeError("no disk")),
    set: () => Promise.reject(new TypeError("no disk")),
  };
  const finish = await generate(withCache(scriptedModel(["Hi."]), { store: broken }), ask("a"));
  expect(finish.message.finish.reason).toBe("stop");
  expect(finish.warnings).toEqual(["The answer was not kept for later: no disk"]);
});
