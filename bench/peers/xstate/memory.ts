/** XState: actors that wait in the middle. */
import type { Subject } from "../../subject.ts";
import { adders, numbers } from "../../work.ts";
import { pipelineOf, runActor } from "./machines.ts";

/** Actors held in their third state. */
export const memory: Subject = ({ size, tick, gate }) => {
  const machine = pipelineOf(
    adders(5).map((add, index) =>
      index === 2
        ? async (value: number) => {
            tick();
            await gate();
            return add(value);
          }
        : add,
    ),
  );
  return {
    run: async () => {
      const outputs = await Promise.all(numbers(size).map(() => runActor(machine, 0)));
      return outputs.reduce((sum, output) => sum + output, 0);
    },
  };
};
