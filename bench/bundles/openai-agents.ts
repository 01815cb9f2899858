import { Agent, type Model, run } from "@openai/agents";

const { model } = globalThis as unknown as { readonly model: Model };
const writer = new Agent({ name: "writer", instructions: "Write.", model });
console.log((await run(writer, "Two lines on tea.")).finalOutput);
