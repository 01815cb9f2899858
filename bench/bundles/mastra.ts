import { createStep, createWorkflow } from "@mastra/core/workflows";
import { z } from "zod";

const schema = z.object({ value: z.number() });
const first = createStep({
  id: "first",
  inputSchema: schema,
  outputSchema: schema,
  execute: async ({ inputData }) => ({ value: inputData.value + 1 }),
});
const second = createStep({
  id: "second",
  inputSchema: schema,
  outputSchema: schema,
  execute: async ({ inputData }) => ({ value: inputData.value * 2 }),
});
const flow = createWorkflow({ id: "flow", inputSchema: schema, outputSchema: schema })
  .then(first)
  .then(second)
  .commit();
const run = await flow.createRun();
console.log(await run.start({ inputData: { value: 1 } }));
