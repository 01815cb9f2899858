import { assign, createActor, fromPromise, setup, toPromise } from "xstate";

const machine = setup({
  types: {} as { context: { value: number }; output: number },
  actors: {
    first: fromPromise(async ({ input }: { input: number }) => input + 1),
    second: fromPromise(async ({ input }: { input: number }) => input * 2),
  },
}).createMachine({
  context: { value: 1 },
  initial: "first",
  states: {
    first: {
      invoke: {
        src: "first",
        input: ({ context }) => context.value,
        onDone: { target: "second", actions: assign({ value: ({ event }) => event.output }) },
      },
    },
    second: {
      invoke: {
        src: "second",
        input: ({ context }) => context.value,
        onDone: { target: "end", actions: assign({ value: ({ event }) => event.output }) },
      },
    },
    end: { type: "final" },
  },
  output: ({ context }) => context.value,
});
const actor = createActor(machine);
actor.start();
console.log(await toPromise(actor));
