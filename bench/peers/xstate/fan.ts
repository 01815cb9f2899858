/** XState: spawned children for branches, many actors for runs. */
import { assign, createActor, fromPromise, setup, toPromise } from "xstate";
import type { Subject } from "../../subject.ts";
import { addLater, numbers } from "../../work.ts";
import { pipelineOf, runActor } from "./machines.ts";

/** Branches side by side: a child each, counted as they end. */
export const fanOut: Subject = ({ size }) => {
  const inputs = numbers(size);
  const machine = setup({
    types: {} as { context: { sum: number; left: number }; output: number },
    actors: { branch: fromPromise(({ input }: { input: number }) => addLater(input)) },
  }).createMachine({
    context: ({ spawn }) => {
      for (const input of inputs) spawn("branch", { id: `branch${input}`, input });
      return { sum: 0, left: inputs.length };
    },
    initial: "open",
    states: {
      open: {
        on: {
          "xstate.done.actor.*": {
            actions: assign({
              sum: ({ context, event }) => context.sum + (event as unknown as { output: number }).output,
              left: ({ context }) => context.left - 1,
            }),
          },
        },
        always: { guard: ({ context }) => context.left === 0, target: "end" },
      },
      end: { type: "final" },
    },
    output: ({ context }) => context.sum,
  });
  return {
    run: async () => {
      const actor = createActor(machine);
      actor.start();
      return toPromise(actor);
    },
  };
};

/** Runs side by side. */
export const many: Subject = ({ size }) => {
  const machine = pipelineOf(Array.from({ length: 5 }, () => addLater));
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => runActor(machine, 0)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
