/**
 * Two agents and a front desk: who answers is decided by the model, and stays decided.
 *
 *   node --conditions=@orch/source examples/hand-over.ts
 *
 * It runs on local/extractive, which quotes the documentation; give another model's name to see one that writes.
 */
import { fileURLToPath } from "node:url";
import { agent, resolveModel, runAgent, textOf, userMessage } from "@orch/agents";
import type { InputGuardrail } from "@orch/agents/guardrails";
import { handoff, withoutToolCalls } from "@orch/agents/team";

const root = fileURLToPath(new URL("../docs", import.meta.url));
const model = resolveModel(process.argv[2] ?? "local/extractive", {}, { env: process.env, root });

const providers = agent({
  name: "providers",
  instructions: "Answer about models, keys and providers.",
  model,
});
const machines = agent({
  name: "machines",
  instructions: "Answer about orchestrations and their states.",
  model,
});

// Refuses before any model is called, and so costs nothing.
const noSecrets: InputGuardrail = {
  name: "no secrets",
  check: (messages) =>
    /sk-\w{8}/.test(textOf(messages.at(-1)!)) ? { reason: "There is a key in this message." } : undefined,
};

const desk = agent({
  name: "desk",
  instructions: "Hand the question to who knows.",
  model,
  guardrails: { input: [noSecrets] },
  handoffs: [
    handoff(providers, { description: "Questions about providers, keys and models." }),
    handoff(machines, {
      description: "Questions about advancers, retries and states.",
      filter: withoutToolCalls,
    }),
  ],
});

const first = await runAgent(desk, "How are failed states retried?", {
  onEvent: (event) => {
    if (event.type === "agent.handoff") console.error(`${event.from} -> ${event.to}`);
  },
});
console.log(`${first.agent}: ${first.output}`);

// The conversation itself says who goes on with it.
const second = await runAgent(desk, [...first.messages, userMessage("And what does an advancer do?")]);
console.log(`${second.agent}: ${second.output}`);

const third = await runAgent(desk, "My key is sk-12345678, does it work?");
console.log(`${third.stopReason}: ${third.guardrail?.reason}`);
