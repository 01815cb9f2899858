/** Mastra: steps as the cases need them, with nothing checked or kept that a case does not ask for. */
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { z } from "zod";

const number = z.object({ value: z.number() });

/** A step on a value. */
export function stepOf(id: string, invoke: (value: number) => Promise<number>) {
  return createStep({
    id,
    inputSchema: number,
    outputSchema: number,
    execute: async ({ inputData }) => ({ value: await invoke(inputData.value) }),
  });
}

/** Steps in a row. `keeps`: whether snapshots are written. */
export function pipelineOf(
  id: string,
  invokes: readonly ((value: number) => Promise<number>)[],
  keeps = false,
) {
  const workflow = createWorkflow({
    id,
    inputSchema: number,
    outputSchema: number,
    options: optionsOf(keeps),
  });
  for (const [index, invoke] of invokes.entries()) workflow.then(stepOf(`state${index}`, invoke));
  return workflow.commit();
}

/** Options of a workflow: no checks of inputs, and snapshots only where a case is about them. */
export function optionsOf(keeps: boolean) {
  return { validateInputs: false, ...(keeps ? {} : { shouldPersistSnapshot: () => false }) };
}

/** Two steps in a nested workflow, repeated until `goesOn` says no. */
export function circleOf(
  id: string,
  invokes: readonly ((value: number) => Promise<number>)[],
  goesOn: (value: number) => boolean,
  keeps = false,
) {
  const options = optionsOf(keeps);
  const pair = createWorkflow({ id: `${id}Pair`, inputSchema: number, outputSchema: number, options });
  for (const [index, invoke] of invokes.entries()) pair.then(stepOf(`state${index}`, invoke));
  return (
    createWorkflow({ id, inputSchema: number, outputSchema: number, options })
      // @ts-expect-error: their workflow is no step of theirs under exactOptionalPropertyTypes
      .dountil(pair.commit(), async ({ inputData }) => !goesOn(inputData.value))
      .commit()
  );
}

/** What a run gave, or a word on how it ended. */
export function outcomeOf(ended: { readonly status: string; readonly result?: unknown }): unknown {
  return ended.status === "success" ? (ended.result as { readonly value: unknown }).value : ended.status;
}
