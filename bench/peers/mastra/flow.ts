/** Mastra: workflows without snapshots. */
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { z } from "zod";
import type { Subject } from "../../subject.ts";
import { adders, million, passers } from "../../work.ts";
import { circleOf, optionsOf, outcomeOf, pipelineOf } from "./steps.ts";

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const workflow = pipelineOf("linear", adders(size));
  return {
    run: async () => {
      const run = await workflow.createRun();
      return outcomeOf(await run.start({ inputData: { value: 0 } }));
    },
  };
};

/** Read as a stream. */
export const events: Subject = ({ size }) => {
  const workflow = pipelineOf("linear", adders(size));
  return {
    run: async () => {
      const run = await workflow.createRun();
      const output = run.stream({ inputData: { value: 0 } });
      let heard = 0;
      for await (const _ of output.fullStream) heard += 1;
      return heard > size ? outcomeOf(await output.result) : heard;
    },
  };
};

/** Two steps, repeated. */
export const loop: Subject = ({ size }) => {
  const workflow = circleOf("loop", adders(2), (value) => value < size);
  return {
    run: async () => {
      const run = await workflow.createRun();
      return outcomeOf(await run.start({ inputData: { value: 0 } }));
    },
  };
};

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const schema = z.object({ value: z.string() });
  const workflow = createWorkflow({
    id: "payload",
    inputSchema: schema,
    outputSchema: schema,
    options: optionsOf(false),
  });
  for (const [index, pass] of passers(size).entries()) {
    workflow.then(
      createStep({
        id: `state${index}`,
        inputSchema: schema,
        outputSchema: schema,
        execute: async ({ inputData }) => ({ value: await pass(inputData.value) }),
      }),
    );
  }
  const ready = workflow.commit();
  const value = million();
  return {
    run: async () => {
      const run = await ready.createRun();
      return String(outcomeOf(await run.start({ inputData: { value } }))).length;
    },
  };
};
