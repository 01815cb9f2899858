import { agent, type Model, runAgent } from "@orch/agents";

const model: Model = (globalThis as unknown as { readonly model: Model }).model;
const writer = agent({ name: "writer", instructions: "Write.", model });
console.log((await runAgent(writer, "Two lines on tea.")).output);
