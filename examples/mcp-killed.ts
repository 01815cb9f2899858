/**
 * An MCP server that is killed in the middle of a call: the call fails at once, the model is told, and the
 * next call starts the server again.
 *
 *   node --conditions=@orch/source examples/mcp-killed.ts
 */
import { type AgentEvent, agent, resolveModel, runAgent, type ToolResultPart } from "@orch/agents";
import { connectMcp } from "@orch/agents/mcp";

const script = new URL("support/notes-server.ts", import.meta.url).pathname;
await using notes = await connectMcp({ name: "notes", command: process.execPath, args: [script] });

// The model that quotes calls a tool when it is told to in so many words.
const model = resolveModel("local/extractive", {}, { env: {}, root: import.meta.dirname });
const helper = agent({ name: "helper", model, tools: notes.tools });

/** Asks, and shows what the tool answered. While a slow search runs, its server is killed. */
async function ask(text: string): Promise<void> {
  console.log(`> ${text}`);
  const onEvent = (event: AgentEvent): void => {
    if (event.type === "tool.progress") {
      const { message } = event.data as { readonly message: string };
      console.log("(the server is killed)");
      process.kill(Number(message), "SIGKILL");
    }
    if (event.type === "tool.completed") console.log(shown(event.result));
  };
  const { stopReason } = await runAgent(helper, text, { onEvent });
  console.log(`The run goes on, and ends with "${stopReason}".\n`);
}

function shown({ output, isError }: ToolResultPart): string {
  return `${isError ? "The call failed: " : "The tool says: "}${output}`;
}

await ask("/notes__search query=tea");
await ask("/notes__deep_search query=tea");
await ask("/notes__search query=coffee");
