/**
 * A conversation that goes on with a model of the AI SDK: any of its provider packages will do, here OpenAI's.
 *
 *   OPENAI_API_KEY=... node --conditions=@orch/source examples/ai-sdk.ts vercel/gpt-5.4-mini
 *
 * Without an argument, local/extractive answers both times, which needs no key.
 */
import { fileURLToPath } from "node:url";
import { createOpenAI } from "@ai-sdk/openai";
import { agent, type ModelsConfig, resolveModel, runAgent, userMessage } from "@orch/agents";

const root = fileURLToPath(new URL("../docs", import.meta.url));
const [second = "local/extractive"] = process.argv.slice(2);

// A provider is an entry in the configuration. This one is a function that makes AI SDK models by name, and
// what is known of a model stands in the catalogue: its price, how long it may be silent, how often it is asked.
const config: ModelsConfig = {
  providers: { vercel: { kind: "ai-sdk", create: (model) => createOpenAI()(model) } },
  models: {
    "vercel/gpt-5.4-mini": {
      contextWindow: 400_000,
      price: { input: 0.25, output: 2, cacheRead: 0.025 },
      timeouts: { firstEvent: 20_000 },
      attempts: 2,
    },
  },
};
const model = (name: string) => resolveModel(name, config, { env: process.env, root });

const assistant = agent({ name: "assistant", instructions: "Answer in one sentence." });
const first = await runAgent(assistant, "What does an advancer do?", { model: model("local/extractive") });
console.log(`local/extractive: ${first.output}`);

const messages = [...first.messages, userMessage("And how are failed states retried?")];
const next = await runAgent(assistant, messages, { model: model(second) });
console.log(`${second}: ${next.output}`);
console.log(
  `${next.messages.length} messages, ${next.cost === undefined ? "cost unknown" : `$${next.cost}`}`,
);
