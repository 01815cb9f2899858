import { expect, test } from "vitest";
import { compatOf } from "./compat.ts";
import type { Preset } from "./presets.ts";
import { usageOf } from "./usage.ts";

function read(preset: Preset, usage: { readonly [field: string]: unknown }) {
  const { raw: _raw, ...figures } = usageOf(usage as never, compatOf(preset));
  return figures;
}

test("DeepSeek's cached tokens are read from its own field", () => {
  const usage = { prompt_tokens: 100, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 };
  expect(read("deepseek", { ...usage, completion_tokens: 5, total_tokens: 105 })).toEqual({
    input: 100,
    output: 5,
    cacheRead: 64,
  });
});

test("what OpenRouter charged is the cost, with the upstream provider's part where the key is one's own", () => {
  const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12, cost: 0.25 };
  expect(read("openrouter", usage)).toEqual({ input: 10, output: 2, cost: 0.25 });
  const byok = { ...usage, is_byok: true, cost_details: { upstream_inference_cost: 4.75 } };
  expect(read("openrouter", byok).cost).toBe(5);
  expect(read("openrouter", { ...usage, is_byok: true }).cost).toBeUndefined();
});

test("a cost without a known unit is not believed", () => {
  const usage = { prompt_tokens: 10, completion_tokens: 2 };
  expect(read("generic", { ...usage, cost: 3 })).toEqual({ input: 10, output: 2 });
  expect(read("openrouter", { ...usage, cost: { total: 3 } })).toEqual({ input: 10, output: 2 });
  expect(read("openrouter", { ...usage, cost: -1 })).toEqual({ input: 10, output: 2 });
});

test("reasoning that xAI counts beside the answer is part of the output, and its ticks are dollars", () => {
  const usage = {
    prompt_tokens: 10_120,
    completion_tokens: 1_499,
    total_tokens: 14_428,
    completion_tokens_details: { reasoning_tokens: 2_809 },
    cost_in_usd_ticks: 232_856_000,
  };
  expect(read("generic", usage)).toEqual({
    input: 10_120,
    output: 4_308,
    reasoning: 2_809,
    cost: 0.0232856,
  });
});

test("reasoning within the answer is counted once, also without a total", () => {
  const details = { completion_tokens_details: { reasoning_tokens: 6 } };
  const usage = { prompt_tokens: 10, completion_tokens: 8, ...details };
  const once = { input: 10, output: 8, reasoning: 6 };
  expect(read("openai", { ...usage, total_tokens: 18 })).toEqual(once);
  expect(read("openai", usage)).toEqual(once);
  expect(
    read("openai", { ...usage, ...{ completion_tokens_details: { reasoning_tokens: 0 } } }),
  ).toMatchObject({
    output: 8,
    reasoning: 0,
  });
});
