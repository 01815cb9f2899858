/**
 * A chain: the reporter sees what the researcher answered, and only the report is shown and kept.
 *
 *   node --conditions=@orch/source examples/conversations/sequential.ts
 */
import { agent, textOf } from "@orch/agents";
import { ChatRuntime, sequentialRuntime } from "@orch/chat-runtime";
import { model } from "./model.ts";

const researcher = agent({ name: "researcher", instructions: "Collect what is known about it.", model });
const reporter = agent({ name: "reporter", instructions: "Make one short paragraph of it.", model });

await using runtime = new ChatRuntime(sequentialRuntime([researcher, reporter]));
runtime.on("state.completed", ({ state }) => console.error(`${state} is done`));

console.log(textOf(await runtime.invoke("How are failed states retried?")));
console.log(`${runtime.history.length} messages are kept.`);
