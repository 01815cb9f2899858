/** XState: pipelines and loops. */
import { assign, createActor, fromPromise, setup, toPromise } from "xstate";
import type { Subject } from "../../subject.ts";
import { adders, million, passers } from "../../work.ts";
import { pipelineOf, runActor } from "./machines.ts";

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const machine = pipelineOf(adders(size));
  return { run: () => runActor(machine, 0) };
};

/** With an inspector, which hears of everything. */
export const events: Subject = ({ size }) => {
  const machine = pipelineOf(adders(size));
  return {
    run: async () => {
      let heard = 0;
      const inspect = (): void => {
        heard += 1;
      };
      const actor = createActor(machine, { input: 0, inspect } as never);
      actor.start();
      const value = await toPromise(actor);
      return heard > size ? value : heard;
    },
  };
};

/** Two states with guarded transitions. */
export const loop: Subject = ({ size }) => {
  const [ping, pong] = adders(2);
  const machine = setup({
    types: {} as { context: { value: number }; output: number },
    actors: {
      ping: fromPromise(({ input }: { input: number }) => ping!(input)),
      pong: fromPromise(({ input }: { input: number }) => pong!(input)),
    },
  }).createMachine({
    context: { value: 0 },
    initial: "ping",
    states: {
      ping: {
        invoke: {
          src: "ping",
          input: ({ context }) => context.value,
          onDone: [
            {
              guard: ({ event }) => event.output < size,
              target: "pong",
              actions: assign({ value: ({ event }) => event.output }),
            },
            { target: "end", actions: assign({ value: ({ event }) => event.output }) },
          ],
        },
      },
      pong: {
        invoke: {
          src: "pong",
          input: ({ context }) => context.value,
          onDone: [
            {
              guard: ({ event }) => event.output < size,
              target: "ping",
              actions: assign({ value: ({ event }) => event.output }),
            },
            { target: "end", actions: assign({ value: ({ event }) => event.output }) },
          ],
        },
      },
      end: { type: "final" },
    },
    output: ({ context }) => context.value,
  });
  return {
    run: async () => {
      const actor = createActor(machine);
      actor.start();
      return toPromise(actor);
    },
  };
};

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const machine = pipelineOf(passers(size));
  const text = million();
  return { run: async () => (await runActor(machine, text)).length };
};
