/** Mastra: `foreach` for branches, many runs. */
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { z } from "zod";
import type { Subject } from "../../subject.ts";
import { addLater, numbers } from "../../work.ts";
import { optionsOf, outcomeOf, pipelineOf } from "./steps.ts";

/** Branches side by side. */
export const fanOut: Subject = ({ size }) => {
  const branch = createStep({
    id: "branch",
    inputSchema: z.number(),
    outputSchema: z.number(),
    execute: ({ inputData }) => addLater(inputData),
  });
  const sum = createStep({
    id: "sum",
    inputSchema: z.array(z.number()),
    outputSchema: z.object({ value: z.number() }),
    execute: async ({ inputData }) => ({ value: inputData.reduce((total, output) => total + output, 0) }),
  });
  const workflow = createWorkflow({
    id: "fanOut",
    inputSchema: z.array(z.number()),
    outputSchema: z.object({ value: z.number() }),
    options: optionsOf(false),
  })
    .foreach(branch, { concurrency: size })
    .then(sum)
    .commit();
  const inputData = [...numbers(size)];
  return {
    run: async () => {
      const run = await workflow.createRun();
      return outcomeOf(await run.start({ inputData }));
    },
  };
};

/** Runs side by side. */
export const many: Subject = ({ size }) => {
  const workflow = pipelineOf(
    "many",
    Array.from({ length: 5 }, () => addLater),
  );
  const one = async (): Promise<number> => {
    const run = await workflow.createRun();
    return outcomeOf(await run.start({ inputData: { value: 0 } })) as number;
  };
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(one));
      return outputs.reduce((total, output) => total + output, 0);
    },
  };
};
