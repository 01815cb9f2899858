import { agent, agentRunnable, type Price, resolveModel, runAgent, type Usage } from "@orch/agents";
import { asTool } from "@orch/agents/team";
import { withCache, withFallback } from "@orch/agents/wrappers";
import { orchestration, runnable } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { beginEvents, DONE, hostileServer, named, unnamed } from "../../../test/hostile-server.ts";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { costOf } from "../../model/usage.ts";
import { usageLedger } from "./usage-ledger.ts";

const price: Price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
const M = 1_000_000;

/** What each provider says of one and the same call: 1,000 tokens read, 600 of them from the cache, 100 written to it; 50 said, 20 of them thought. */
const told = {
  anthropic: [
    named(
      {
        type: "message_start",
        message: {
          id: "m",
          type: "message",
          role: "assistant",
          model: "m",
          content: [],
          usage: {
            input_tokens: 300,
            cache_read_input_tokens: 600,
            cache_creation_input_tokens: 100,
            output_tokens: 1,
          },
        },
      } as never,
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "Hi." } } as never,
      { type: "content_block_stop", index: 0 } as never,
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { output_tokens: 50, output_tokens_details: { thinking_tokens: 20 } },
      } as never,
      { type: "message_stop" },
    ),
  ],
  openai: [
    named({
      type: "response.completed",
      response: {
        id: "r",
        status: "completed",
        output: [],
        usage: {
          input_tokens: 1_000,
          input_tokens_details: { cached_tokens: 600, cache_write_tokens: 100 },
          output_tokens: 50,
          output_tokens_details: { reasoning_tokens: 20 },
        },
      },
    } as never),
  ],
  lab: [
    unnamed({ choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: "stop" }] }),
    unnamed({
      choices: [],
      usage: {
        prompt_tokens: 1_000,
        prompt_tokens_details: { cached_tokens: 600 },
        completion_tokens: 50,
        completion_tokens_details: { reasoning_tokens: 20 },
      },
    }),
    DONE,
  ],
};

it.each([
  ["anthropic", 100, (300 * 3 + 600 * 0.3 + 100 * 3.75 + 50 * 15) / M],
  ["openai", 100, (300 * 3 + 600 * 0.3 + 100 * 3.75 + 50 * 15) / M],
  // Chat Completions has no word for what was written to the cache.
  ["lab", undefined, (400 * 3 + 600 * 0.3 + 50 * 15) / M],
] as const)("counts cached and reasoning tokens of %s once", async (provider, cacheWrite, cost) => {
  const server = await hostileServer((response) => {
    beginEvents(response);
    response.end(told[provider].join(""));
  });
  const baseURL = provider === "anthropic" ? server.url : `${server.url}/v1`;
  const kind = provider === "lab" ? ("openai-compatible" as const) : provider;
  const config = { providers: { [provider]: { kind, baseURL, apiKey: "sk-test-0123456789", price } } };
  const { usage } = await generate(resolveModel(`${provider}/m`, config, { env: {} }), ask("hi"));
  await server.close();
  expect(usage).toMatchObject({ input: 1_000, output: 50, cacheRead: 600, reasoning: 20 });
  expect(usage.cacheWrite).toBe(cacheWrite);
  expect(costOf(usage, price)).toBeCloseTo(cost, 12);
});

it("does not take an answer without figures for a free one: it is estimated, and marked", async () => {
  const server = await hostileServer((response) => {
    beginEvents(response);
    response.end(told.lab[0] + DONE);
  });
  const config = {
    providers: { lab: { kind: "openai-compatible", baseURL: `${server.url}/v1`, price } },
  } as const;
  const ledger = usageLedger();
  const helper = agent({ name: "helper", model: resolveModel("lab/m", config, { env: {} }) });
  const result = await runAgent(helper, "x", { onSpend: ledger.spend });
  await server.close();
  expect(result).toMatchObject({ stopReason: "done", output: "Hi." });
  expect(result.cost).toBeGreaterThan(0);
  expect(result.usage.estimated).toBe(true);
  expect(ledger.total()).toMatchObject({ knownCost: result.cost, unpriced: [], usage: { estimated: true } });
});

const counted: Usage = { input: 1_000, output: 100, cacheRead: 400 };
const priced = (model: string, steps: Parameters<typeof scriptedModel>[0], cost: Price | undefined = price) =>
  scriptedModel(steps, { id: { provider: "lab", model }, caps: { ...(cost && { price: cost }) } });

it("adds up what runs report, with agents that are tools and models that took over, by model", async () => {
  const ledger = usageLedger();
  const inner = agent({ name: "inner", model: priced("small", [{ text: "4", usage: counted }]) });
  const usage0 = { input: 0, output: 0 };
  const busy = { failure: { kind: "overloaded", retryable: true }, usage: usage0 } as const;
  const model = withFallback([
    priced("first", [{ calls: [{ name: "count", input: { input: "x" } }], usage: counted }, busy]),
    priced("second", [{ text: "Four.", usage: counted }], { input: 1, output: 1 }),
  ]);
  const outer = agent({
    name: "outer",
    model,
    tools: [asTool(inner, { name: "count", description: "Counts." })],
  });
  const result = await runAgent(outer, "Count.", { onSpend: ledger.spend });
  const { usage, cost, calls } = ledger.total();
  expect(calls).toBe(3);
  expect(usage).toEqual(result.usage);
  expect(cost).toBeCloseTo(result.cost!, 12);
  expect(Object.fromEntries([...ledger.byModel()].map(([name, line]) => [name, line.usage]))).toEqual(
    result.usageByModel,
  );
  expect(ledger.byModel().get("lab/second")?.cost).toBeCloseTo(1_100 / M, 12);
  expect(ledger.byModel().get("lab/first")?.cost).toBeCloseTo((600 * 3 + 400 * 0.3 + 100 * 15) / M, 12);
});

it("does not know the sum when one price is unknown, and says whose", async () => {
  const ledger = usageLedger({ "lab/table": { input: 1, output: 1 } });
  const run = (name: string, cost?: Price) =>
    runAgent(
      agent({
        name,
        model: scriptedModel([{ text: "Hi.", usage: counted }], {
          id: { provider: "lab", model: name },
          caps: { ...(cost && { price: cost }) },
        }),
      }),
      "x",
      {
        onSpend: ledger.spend,
      },
    );
  await run("known", { input: 10, output: 10 });
  await run("table");
  expect(ledger.total()).toMatchObject({ cost: expect.closeTo((11_000 + 1_100) / M, 12), unpriced: [] });
  await run("other");
  const total = ledger.total();
  expect(total).not.toHaveProperty("cost");
  expect(total).toMatchObject({ knownCost: expect.closeTo(12_100 / M, 12), unpriced: ["lab/other"] });
  expect(ledger.byModel().get("lab/other")).not.toHaveProperty("cost");
});

it("is empty at first, which costs nothing, and counts an answer from a cache as free", async () => {
  const ledger = usageLedger();
  expect(ledger.total()).toEqual({
    calls: 0,
    usage: { input: 0, output: 0 },
    cost: 0,
    knownCost: 0,
    unpriced: [],
  });
  const helper = agent({ name: "helper", model: withCache(scriptedModel(["Hi."])) });
  await runAgent(helper, "x");
  await runAgent(helper, "x", { onSpend: ledger.spend });
  expect(ledger.total()).toMatchObject({ calls: 1, cost: 0, unpriced: [] });
});

it("adds up the runs of an orchestration, also states that count for themselves", async () => {
  const ledger = usageLedger({ "own/model": price });
  const first = agentRunnable(
    agent({ name: "first", model: priced("m", [{ text: "Hi.", usage: counted }]) }),
  );
  const own = runnable("own", (text: string, ctx) => {
    ctx.spend({ inputTokens: 10, outputTokens: 5, model: "own/model" });
    return text;
  });
  const flow = orchestration("flow", (o) => o.start(first).advance(first, own).finish(own));
  flow.on("*", ledger.run);
  await flow.run("x");
  expect(ledger.total()).toMatchObject({
    calls: 2,
    usage: { input: 1_010, output: 105 },
    unpriced: ["own/model"],
  });
});

it("never makes cached tokens dearer or cheaper by the order in which it adds", () => {
  const usages = fc.record({
    input: fc.nat(1_000),
    output: fc.nat(1_000),
    cacheRead: fc.nat(500),
    cacheWrite: fc.nat(500),
  });
  const spent = usages.map((usage) => ({ model: "lab/m", usage: { ...usage, input: usage.input + 1_000 } }));
  fc.assert(
    fc.property(fc.array(spent), (all) => {
      const [one, two] = [usageLedger({ "lab/m": price }), usageLedger({ "lab/m": price })];
      for (const each of all) one.spend(each);
      for (const each of all.toReversed()) two.spend(each);
      const sum = all.reduce((total, each) => total + costOf(each.usage, price)!, 0);
      expect(one.total().cost).toBeCloseTo(sum, 9);
      expect(two.total().cost).toBeCloseTo(sum, 9);
      expect(one.total().usage).toEqual(two.total().usage);
    }),
    { numRuns: 300, seed: 11 },
  );
});
