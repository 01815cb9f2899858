/**
 * A tool call that waits for a person, over two processes: what waits is plain data in a file.
 *
 *   node --conditions=@orch/source examples/approve.ts /tmp/waiting.json
 *   node --conditions=@orch/source examples/approve.ts /tmp/waiting.json yes
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type AgentResult, agent, resolveModel, runAgent, tool } from "@orch/agents";
import { z } from "zod";

const [file, answer] = process.argv.slice(2);
const root = fileURLToPath(new URL("../docs", import.meta.url));

const publish = tool({
  name: "publish",
  description: "Publishes a page.",
  input: z.object({ page: z.string() }),
  approve: true,
  invoke: ({ page }) => `${page} is published`,
});
const editor = agent({
  name: "editor",
  instructions: "Publish what you are asked to.",
  model: resolveModel("local/extractive", {}, { env: process.env, root }),
  tools: [publish],
});

if (file === undefined) {
  console.error("Name a file in which the conversation may wait.");
  process.exitCode = 2;
} else if (answer === undefined) {
  const result = await runAgent(editor, "/publish page=agents.md");
  if (result.stopReason === "needs-approval") writeFileSync(file, JSON.stringify(result));
  for (const { name, input } of result.pending) console.log(`May ${name} run with ${JSON.stringify(input)}?`);
} else if (existsSync(file)) {
  const { messages, pending } = JSON.parse(readFileSync(file, "utf8")) as AgentResult;
  rmSync(file);
  const approval = answer === "yes" ? true : { deny: "The owner said no." };
  const result = await runAgent(editor, messages, {
    decisions: pending.map((call) => ({ call, approval })),
    onEvent: (event) => {
      if (event.type === "tool.completed") console.log(event.result.output);
    },
  });
  console.log(`${result.stopReason}: ${result.output}`);
} else {
  console.error("Nothing waits in that file.");
  process.exitCode = 2;
}
