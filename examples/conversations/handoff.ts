/**
 * Agents that hand the conversation over: who has it keeps it, also in the next process.
 *
 *   node --conditions=@orch/source examples/conversations/handoff.ts
 */
import { agent, agentEvents, textOf } from "@orch/agents";
import { handoff } from "@orch/agents/team";
import { ChatRuntime, handoffRuntime, memorySessions } from "@orch/chat-runtime";
import { model } from "./model.ts";

const machines = agent({ name: "machines", instructions: "You know orchestrations and states.", model });
const desk = agent({
  name: "desk",
  instructions: "Hand over to who knows.",
  model,
  handoffs: [handoff(machines, { description: "Questions about states, advancers and retries." })],
});

// Where sqliteSessions of @orch/sqlite stands in its place, the conversation outlives the process.
const store = memorySessions();
for (const question of ["How are failed states retried?", "And what does an advancer do?"]) {
  await using runtime = new ChatRuntime(handoffRuntime([desk, machines]), { store, sessionId: "one" });
  runtime.on("state.output", (event) => {
    const told = agentEvents.of(event);
    if (told?.type === "agent.handoff") console.error(`${told.from} -> ${told.to}`);
  });
  console.log(textOf(await runtime.invoke(question)));
}
