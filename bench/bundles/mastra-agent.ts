import { Agent } from "@mastra/core/agent";

const { model } = globalThis as unknown as { readonly model: never };
const writer = new Agent({ id: "writer", name: "writer", instructions: "Write.", model });
console.log((await writer.generate("Two lines on tea.")).text);
