/**
 * An agent that calls another as a tool, within one budget; a tool that is run outside; and a long
 * conversation of which the model sees the end.
 *
 *   node --conditions=@orch/source examples/experts.ts
 */
import { fileURLToPath } from "node:url";
import { agent, type Message, resolveModel, runAgent, tool, userMessage } from "@orch/agents";
import { keepRecent } from "@orch/agents/compaction";
import { asTool } from "@orch/agents/team";
import { z } from "zod";

const root = fileURLToPath(new URL("../docs", import.meta.url));
const model = resolveModel(process.argv[2] ?? "local/extractive", {}, { env: process.env, root });

const reader = agent({ name: "reader", instructions: "Answer from the documentation.", model });

// No `invoke`: whoever runs the agent runs this tool, here or in a browser or another process.
const note = tool({
  name: "note",
  description: "Writes a note for the user.",
  input: z.object({ text: z.string() }),
});

const boss = agent({
  name: "boss",
  instructions: "Ask the reader, and note what matters.",
  model,
  tools: [asTool(reader, { description: "Looks something up in the documentation." }), note],
  prepare: keepRecent({ above: 2_000, keep: 500 }),
});

const ask = (input: string | readonly Message[]) =>
  runAgent(boss, input, {
    budget: { maxTokens: 50_000 },
    execute: ({ name, input }) => `${name}: ${JSON.stringify(input)}`,
    onEvent: (event) => {
      if (event.type === "agent.nested" && event.event.type === "agent.completed")
        console.error(`${event.event.agent} has answered ${event.path.split("/").length} level down`);
      if (event.type === "agent.compacted") console.error(`${event.from} messages, ${event.to} of them sent`);
    },
  });

const looked = await ask('/reader input="How are failed states retried?"');
console.log(`${looked.stopReason}: ${looked.output?.split("\n")[0]}`);

const noted = await ask([...looked.messages, userMessage('/note text="Retries wait longer each time."')]);
console.log(`${noted.stopReason}: ${noted.output?.split("\n")[0]}`);

const chatter = Array.from({ length: 60 }, (_, n) => userMessage(`${n}: ${"so it goes ".repeat(20)}`));
const long = await ask([...noted.messages, ...chatter, userMessage("What does an advancer do?")]);
console.log(`${long.stopReason}: ${long.output?.split("\n")[0]}`);
