/**
 * One conversation, several that may answer: by a command, by a rule, or else the first.
 *
 *   node --conditions=@orch/source examples/conversations/routed.ts
 */
import { agent, textOf } from "@orch/agents";
import { agentRuntime, ChatRuntime, orchestrationRuntime, routedRuntime } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";
import { model } from "./model.ts";

const count = runnable("count", (text: string) => text.split(/\s+/).length);
const counting = orchestration("counting", (o) => o.start(count).finish(count));

const configuration = routedRuntime({
  routes: {
    docs: agentRuntime(agent({ name: "docs", instructions: "Answer from the documentation.", model })),
    count: orchestrationRuntime(counting, { toInput: ({ text }) => text, toMessage: (n) => `${n} words` }),
  },
  choose: ({ text }) => (/how many words/i.test(text) ? "count" : undefined),
});

await using runtime = new ChatRuntime(configuration);
runtime.on("state.transition", ({ from, to }) => {
  if (from === "choose") console.error(`-> ${to}`);
});
for (const message of ["How are failed states retried?", "/count these four words here", "How many words?"])
  console.log(textOf(await runtime.invoke(message)));
