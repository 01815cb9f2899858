/** XState: machines whose states invoke promises. */
import { assign, createActor, fromPromise, setup, toPromise } from "xstate";

/** States in a row, each of which invokes a function on the context's value. */
export function pipelineOf<TValue>(invokes: readonly ((value: TValue) => Promise<TValue>)[]) {
  const states: { [id: string]: object } = {};
  for (const [index, invoke] of invokes.entries()) {
    states[`state${index}`] = {
      invoke: {
        src: fromPromise(({ input }: { input: TValue }) => invoke(input)),
        input: ({ context }: { context: { value: TValue } }) => context.value,
        onDone: {
          target: index === invokes.length - 1 ? "end" : `state${index + 1}`,
          actions: assign({ value: ({ event }) => (event as unknown as { output: TValue }).output }),
        },
      },
    };
  }
  return setup({
    types: {} as { context: { value: TValue }; input: TValue; output: TValue },
  }).createMachine({
    context: ({ input }: { input: TValue }) => ({ value: input }),
    initial: "state0",
    states: { ...states, end: { type: "final" } },
    output: ({ context }: { context: { value: TValue } }) => context.value,
  } as never);
}

/** Runs one actor to its end. */
export async function runActor<TValue>(
  machine: ReturnType<typeof pipelineOf<TValue>>,
  input: TValue,
): Promise<TValue> {
  const actor = createActor(machine, { input } as never);
  actor.start();
  return (await toPromise(actor)) as TValue;
}
