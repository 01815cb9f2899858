/** Agents as states under a budget: each model call is reserved before it is made. */
import { each, isOrchError, orchestration } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";

const items = Array.from({ length: 20 }, (_, index) => `item ${index}`);
const usage = { input: 1_200, output: 10 };

describe.each([
  ["in memory", () => ({})],
  ["on a host that keeps runs", () => ({ host: memoryHost() })],
] as const)("agents under a budget, %s", (_name, options) => {
  it("point 7: 20 of them side by side never spend more, and the last calls are refused before they are made", async () => {
    for (const settled of [true, false]) {
      const model = scriptedModel(() => ({ text: "x", usage }));
      const fan = each("fan", agentRunnable(agent({ name: "writer", model })), {
        settled,
        concurrency: 20,
      } as object);
      const flow = orchestration("f", (o) => o.start(fan).finish(fan), { budget: { maxTokens: 20_000 } });
      const run = flow.start(items, options());
      const error: unknown = await run.result.catch((thrown: unknown) => thrown);
      const { tokens } = run.describe().spent;
      expect(tokens).toBeLessThanOrEqual(20_000);
      expect(tokens).toBe(model.requests.length * 1_210);
      expect(model.requests).toHaveLength(16);
      let refused = error;
      while (!isOrchError(refused, "ORCH_BUDGET")) refused = (refused as Error).cause;
      expect(refused.facts.asked).toBeDefined();
    }
  });

  it("point 7, further: an answer is asked to be no longer than what is left, and no shorter than is wanted", async () => {
    const model = scriptedModel(() => ({ text: "x", usage: { input: 100, output: 50 } }), {
      caps: { price: { input: 10, output: 100 } },
    });
    const write = agentRunnable(agent({ name: "writer", model }));
    const run = (budget: object) =>
      orchestration("f", (o) => o.start(write).finish(write), { budget }).run("go", options());
    await run({ maxTokens: 5_000 });
    await run({ maxCost: 0.1 });
    await run({ maxTokens: 1_000_000 });
    await orchestration("f", (o) => o.start(write).finish(write)).run("go", options());
    const [few, cheap, many, free] = model.requests.map(({ maxOutputTokens }) => maxOutputTokens);
    expect(few).toBeGreaterThan(4_900);
    expect(few).toBeLessThan(5_000);
    expect(cheap).toBeGreaterThan(900);
    expect(cheap).toBeLessThanOrEqual(1_000);
    expect([many, free]).toEqual([8_192, undefined]);
    await expect(run({ maxTokens: 20 })).rejects.toMatchObject({ cause: { code: "ORCH_BUDGET" } });
    expect(model.requests).toHaveLength(4);
  });
});
