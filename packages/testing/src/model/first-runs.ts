/**
 * Agents load the code of tools, answers and guardrails with their first use. That takes a time of the machine's, in which a
 * clock that a test moves would run away; so agents run once with all of it before that.
 */
import type { Agent, Model } from "@orch/agents";
import type { Json } from "@orch/core";

/** Runs agents whose first use of everything loads it. `play` makes a model of replies. */
export async function runFirst(play: (replies: readonly object[]) => Model): Promise<void> {
  const [{ agent, runAgent, tool }, { asTool }] = await Promise.all([
    import("@orch/agents"),
    import("@orch/agents/team"),
  ]);
  const call = (name: string): object => ({ calls: [{ name, input: {} }] });
  const asks = tool({
    name: "asks",
    description: "asks",
    input: ANYTHING,
    invoke: async (_, { ask }) => void (await ask?.({ name: "q", prompt: "?", answer: ANYTHING })),
  });
  const waits = tool({
    name: "waits",
    description: "waits",
    input: ANYTHING,
    approve: true,
    invoke: () => "",
  });
  const inner = agent({ name: "inner", model: play(["done"].map((text) => ({ text }))) });
  const whole: Agent<unknown> = agent({
    name: "whole",
    model: play([call("asks"), call("inner"), call("nobody"), call("waits")]),
    tools: [asks, waits, asTool(inner, { description: "asks another" })],
    allowedTools: () => ["asks", "waits", "inner"],
    guardrails: { input: [{ name: "fine", check: () => undefined }] },
    output: ANYTHING,
  });
  const budgets = {
    left: () => ({ tokens: MUCH, cost: MUCH }),
    reserve: async () => ({ release: () => {} }),
  };
  const paused = await runAgent(whole, "go", { budgets: budgets as never, onQuestion: () => ({}) });
  await runAgent(whole, paused.messages, {
    model: play([{ value: {} }]),
    decisions: paused.pending.map((waiting) => ({ call: waiting, approval: false })),
  });
  await runAgent(whole, "go", { model: play([{ failure: { kind: "bad-request", retryable: false } }]) });
}

const MUCH = 1e12;

/** A schema that takes every object. */
const ANYTHING = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value: unknown) => ({ value: value as Json }),
    jsonSchema: { input: () => ({ type: "object" }), output: () => ({ type: "object" }) },
  },
} as const;
