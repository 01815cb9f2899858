import { textOf } from "@orch/agents";
import { ChatRuntime, orchestrationRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";

const research = runnable("research", (topic: string) => ({ title: topic, content: `All about ${topic}.` }));
const flow = orchestration("research", (o) => o.start(research).finish(research));

// Any orchestration answers a conversation, once you say what goes in and what is said.
const configuration = orchestrationRuntime(flow, {
  toInput: ({ text, history }) => (history.length === 0 ? text : `${text} again`),
  toMessage: (report) => report.content,
});
await using runtime = new ChatRuntime(configuration);
console.log(textOf(await runtime.invoke("AI in healthcare")));

// The turn as events: those of the orchestration, unchanged, between turn.started and turn.completed.
const types: string[] = [];
for await (const event of runtime.send("AI in healthcare")) types.push(event.type);
console.log(types.join(" "));

// By hand a configuration is a name and one function.
const parrot: RuntimeConfiguration = {
  name: "parrot",
  invoke: async ({ text }) => ({
    message: {
      role: "assistant",
      content: [{ type: "text", text: `You said: ${text}` }],
      origin: { provider: "orch", api: "example", model: "parrot" },
      finish: { reason: "stop" },
    },
  }),
};
runtime.use(parrot);
console.log(textOf(await runtime.invoke("thank you")), runtime.history.length);
