/**
 * One conversation, several providers: the model is a string, and everything else stays.
 *
 *   node --conditions=@orch/source examples/switch-provider.ts openai/gpt-5.4-mini anthropic/claude-sonnet-5-5
 *
 * Keys come from the environment. Without arguments, local/extractive answers, which needs none.
 */
import { fileURLToPath } from "node:url";
import { agent, resolveModel, textOf } from "@orch/agents";
import { agentRuntime, ChatRuntime } from "@orch/chat-runtime";

const root = fileURLToPath(new URL("../docs", import.meta.url));
const [first = "local/extractive", second = first] = process.argv.slice(2);

// The agent has no model of its own; whoever runs it gives one.
const assistant = agent({ name: "assistant", instructions: "Answer in one sentence." });
const answeredBy = (name: string) =>
  agentRuntime(assistant, { model: resolveModel(name, {}, { env: process.env, root }) });

await using runtime = new ChatRuntime(answeredBy(first));
console.log(`${first}: ${textOf(await runtime.invoke("What does an advancer do?"))}`);

// From the next message on another model answers, and it knows what was said before.
runtime.use(answeredBy(second));
console.log(`${second}: ${textOf(await runtime.invoke("And how are failed states retried?"))}`);
console.log(`${runtime.history.length} messages in one conversation.`);
